import { eventType, type DomainError, type EventMeta, type Projection, type ReadModelRow } from '#kernel';

import type { Database, Transaction } from '../database/database.js';
import { ReadModelTable } from '../projections/read-model-table.js';

export interface StreamEvents {
  readonly streamId: string;
  /** Version of the stream before the events. */
  readonly version: number;
  readonly events: readonly { event: object; meta: EventMeta }[];
}

/** Writes the rows of inline projections in the transaction of the events that they show. */
export class InlineProjections {
  readonly #tables = new Map<Projection, ReadModelTable>();

  constructor(
    private readonly database: Database,
    private readonly projections: readonly Projection[],
  ) {
    for (const { fold } of projections) fold.types.forEach(eventType);
  }

  /** One select and one upsert for each projection that reacts to any of the events. */
  async write(transaction: Transaction, streams: readonly StreamEvents[]): Promise<void> {
    for (const projection of this.projections) {
      const types = new Set<unknown>(projection.fold.types);
      const touched = streams.filter(({ events }) => events.some(({ event }) => types.has(event.constructor)));
      if (touched.length > 0) await this.#fold(transaction, projection, touched);
    }
  }

  /** What a command that violated that unique constraint is to be rejected with, if a projection declares it. */
  rejectionFor(constraint: string): DomainError | undefined {
    return this.projections.find(({ unique }) => Object.hasOwn(unique, constraint))?.unique[constraint]?.();
  }

  async #fold(transaction: Transaction, projection: Projection, touched: readonly StreamEvents[]): Promise<void> {
    const table = this.#table(projection);
    const known = touched.filter(({ version }) => version > 0).map(({ streamId }) => streamId);
    const rows = await table.rows(transaction, known);
    const changes = new Map<string, ReadModelRow | null>();
    for (const { streamId, events } of touched) {
      let row: ReadModelRow | null = rows.get(streamId) ?? null;
      for (const { event, meta } of events) {
        const next = projection.fold.apply(row, event, meta);
        if (next && next.id !== streamId)
          throw new Error(`${projection.name} is inline: its row's id must be its stream's id`);
        row = next && { ...next, version: meta.version };
      }
      if (row || rows.has(streamId)) changes.set(streamId, row);
    }
    await table.write(transaction, changes);
  }

  #table(projection: Projection): ReadModelTable {
    let table = this.#tables.get(projection);
    if (!table) this.#tables.set(projection, (table = new ReadModelTable(this.database, projection)));
    return table;
  }
}
