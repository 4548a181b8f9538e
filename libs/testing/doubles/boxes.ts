import { IsInt, IsString, IsUUID } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import {
  Aggregate,
  AlreadyExists,
  DomainError,
  Event,
  fold,
  Message,
  on,
  Optional,
  projection,
  type ReadModelRow,
} from '#kernel';
import { UnitOfWork } from '#platform/engine/unit-of-work.js';
import type { Envelope } from '#platform/messaging/envelope.js';

import { sampleEnvelope } from './sample-envelope.js';

/** A small context to try the engine on: boxes are packed, filled and sent away. */
@Event('box.packed.v1', 'boxId')
export class BoxPacked extends Message<BoxPacked> {
  @IsUUID() readonly boxId!: string;
  @IsString() readonly label!: string;
}

@Event('box.filled.v1', 'boxId')
export class BoxFilled extends Message<BoxFilled> {
  @IsUUID() readonly boxId!: string;
  @IsInt() readonly items!: number;
  @Optional() @IsString() readonly remark?: string;
}

@Event('box.weighed.v1', 'boxId')
export class BoxWeighed extends Message<BoxWeighed> {
  @IsUUID() readonly boxId!: string;
}

@Event('box.sent.v1', 'boxId')
export class BoxSent extends Message<BoxSent> {
  @IsUUID() readonly boxId!: string;
}

export class BoxNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'box_not_found';
}

export interface BoxState {
  readonly label: string;
  readonly items: number;
}

export class Box extends Aggregate<BoxState> {
  static readonly streamType = 'store.box';
  static readonly NotFound = BoxNotFound;

  protected readonly evolve = fold<BoxState>(
    on(BoxPacked, (_, { label }) => ({ label, items: 0 })),
    on(BoxFilled, (box, { items }) => ({ ...box, items: box.items + items })),
  );

  pack(label: string): void {
    this.record(new BoxPacked({ boxId: this.id, label }));
  }

  fill(items: number): void {
    this.record(new BoxFilled({ boxId: this.id, items }));
  }
}

@Entity({ schema: 'store', name: 'boxes' })
export class BoxRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') label!: string;
  @Column('int') items!: number;
  @Column('text', { array: true }) remarks!: string[];
  @Column('jsonb') last!: { by: string };
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
}

export const boxTable = `
  create schema store;
  create table store.boxes (
    id uuid primary key,
    version int not null,
    label text not null constraint boxes_label unique,
    items int not null check (items < 1000),
    remarks text[] not null,
    last jsonb not null,
    changed_at timestamptz not null
  )`;

export const boxes = projection('store.boxes', BoxRow, {
  inline: true,
  unique: { boxes_label: () => new AlreadyExists('the label') },
  fold: fold(
    on(BoxPacked, (_, { boxId, label }, { occurredAt, actor }) => ({
      id: boxId,
      label,
      items: 0,
      remarks: [],
      last: { by: actor },
      changedAt: occurredAt,
    })),
    on(BoxFilled, (box, { items, remark }, { occurredAt, actor }) => ({
      ...box,
      items: box.items + items,
      remarks: remark === undefined ? box.remarks : [...box.remarks, remark],
      last: { by: actor },
      changedAt: occurredAt,
    })),
    on(BoxSent, () => null),
  ),
});

/** A unit of work of a command that met its box at a version and decided on these events. */
export function boxUnit(version: number, events: readonly object[], envelope: Partial<Envelope> = {}): UnitOfWork {
  const unit = new UnitOfWork(sampleEnvelope({ context: 'store', type: 'store.fill_box.v1', ...envelope }), false, 1);
  unit.stream = { type: Box, id: unit.envelope.lane, version, occurredAt: undefined };
  unit.events = events;
  return unit;
}

/** The first unit of a new box. */
export function packing(boxId: string, label: string = boxId, envelope: Partial<Envelope> = {}): UnitOfWork {
  return boxUnit(0, [new BoxPacked({ boxId, label })], { lane: boxId, ...envelope });
}
