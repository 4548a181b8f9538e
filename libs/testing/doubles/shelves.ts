import { Column, Entity, PrimaryColumn } from 'typeorm';

import { fold, on, projection, type Projection, type ReadModelRow } from '#kernel';

import { BoxFilled, BoxPacked, BoxSent } from './boxes.js';

/** How the boxes of one label stand, whichever they are. */
@Entity({ schema: 'store', name: 'shelves' })
export class ShelfRow implements ReadModelRow {
  @PrimaryColumn('text') id!: string;
  @Column('int') version!: number;
  @Column('jsonb') boxes!: Readonly<Record<string, string>>;
  @Column('int') filled!: number;
}

export const shelfTable = `
  create table store.shelves (
    id text primary key,
    version int not null,
    boxes jsonb not null,
    filled int not null
  ) with (fillfactor = 70);
  create index shelves_filled on store.shelves (filled) where filled > 0`;

type Shelf = Omit<ShelfRow, 'version'>;

const shelfOf = (boxId: string): string => `shelf ${boxId.slice(0, 1)}`;

/** An asynchronous read model whose rows show many streams each: those whose ids begin alike. */
export const shelves = (more: { version?: number; refuses?: (boxId: string) => boolean } = {}): Projection =>
  projection('store.shelves', ShelfRow, {
    inline: false,
    version: more.version,
    key: (event) => ('boxId' in event ? shelfOf(event.boxId as string) : undefined),
    fold: fold<Shelf>(
      on(BoxPacked, (shelf, { boxId, label }) => {
        if (more.refuses?.(boxId)) throw new Error(`there is no room for ${boxId}`);
        return {
          id: shelfOf(boxId),
          boxes: { ...(shelf as Shelf | null)?.boxes, [boxId]: label },
          filled: (shelf as Shelf | null)?.filled ?? 0,
        };
      }),
      on(BoxFilled, (shelf, { items }) => ({ ...shelf, filled: shelf.filled + items })),
      on(BoxSent, (shelf, { boxId }) => {
        const { [boxId]: _, ...boxes } = shelf.boxes;
        return Object.keys(boxes).length > 0 ? { ...shelf, boxes } : null;
      }),
    ),
  });
