import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { alive } from '../database/alive.js';
import { ReadDatabase } from '../database/read-database.js';
import { unavailable } from '../http/problem.js';
import { QueueDepths, type QueueDepth } from '../messaging/queue-depths.js';

const states = ['consumed', 'unowned', 'missing'] as const;

export class QueueFilter extends Message<QueueFilter> {
  @Optional() @IsString() @Example('tasks') readonly context?: string;
  @Optional() @IsIn(states) readonly state?: string;
}

/**
 * A partition of a context's commands. `unowned`: no living worker says that it holds it; `missing`: the broker has no such
 * queue.
 */
export class QueueView extends Message<QueueView> {
  @IsString() @Example('tasks') readonly context!: string;
  @IsInt() @Example(3) readonly partition!: number;
  /** How many partitions the context has. */
  @IsInt() @Example(8) readonly partitions!: number;
  @IsIn(states) readonly state!: string;
  /** Messages that wait in the broker: those delivered and not acknowledged are not among them. */
  @IsInt() readonly backlog!: number;
  @IsInt() readonly parked!: number;
  /** When the oldest command that has not ended was accepted, of those that its worker has in hand or that are parked. */
  @Nullable() @IsTime() readonly oldest!: Date | null;
  /** Id of the worker. */
  @Nullable() @IsUUID() readonly owner!: string | null;
}

interface Row {
  readonly context: string;
  readonly partitions: number;
  readonly partition: number;
  readonly parked: number;
  readonly oldest: Date | null;
  readonly owner: string | null;
}

const statement = {
  name: 'queues_partitions',
  text: `
    with parked as (
      select p.context, p.lane_hash % c.partitions as partition, count(*)::int as parked, min(p.accepted_at) as oldest
      from platform.parked_commands p join platform.contexts c on c.name = p.context
      group by 1, 2
    )
    select c.name as context, c.partitions, n as partition, coalesce(p.parked, 0) as parked, w.id as owner,
      least(p.oldest, w.oldest) as oldest
    from platform.contexts c
    cross join lateral generate_series(0, c.partitions - 1) as n
    left join parked p on p.context = c.name and p.partition = n
    left join lateral (
      select w.id, (w.partitions -> k.key ->> 'oldest')::timestamptz as oldest
      from (select concat_ws('.', c.name, c.partitions, n) as key) k
      join platform.workers w on w.partitions ? k.key
      where ${alive('w')} order by w.seen_at desc limit 1
    ) w on true
    where ($1::text is null or c.name = $1)
    order by c.name, n`,
};

@Injectable()
export class QueueQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly depths: QueueDepths,
  ) {}

  /** @throws Problem 503 while the broker cannot be asked */
  async list({ context, state }: QueueFilter): Promise<Wire<QueueView>[]> {
    const [rows, depths] = await Promise.all([this.db.query<Row>(statement, [context]), this.#depths()]);
    return rows
      .map((row): Wire<QueueView> => {
        const depth = depths.get(keyOf(row));
        const standing = !depth ? 'missing' : row.owner ? 'consumed' : 'unowned';
        return { ...row, backlog: depth?.ready ?? 0, state: standing };
      })
      .filter((view) => state === undefined || view.state === state);
  }

  async #depths(): Promise<ReadonlyMap<string, QueueDepth>> {
    let read: readonly QueueDepth[];
    try {
      read = await this.depths.read();
    } catch (error) {
      throw unavailable(
        'broker_unavailable',
        `the message broker cannot be asked at present: ${(error as Error).message}`,
      );
    }
    return new Map(read.map((depth) => [keyOf(depth), depth]));
  }
}

const keyOf = ({ context, partition }: { readonly context: string; readonly partition: number }): string =>
  `${context} ${partition}`;
