import { eventType, type DomainError, type EventMeta, type LogMeta, type Projection, type ReadModelRow } from '#kernel';

import type { Database, Transaction } from '../database/database.js';
import { ReadModelTable, type Changes } from '../projections/read-model-table.js';

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
    await (
      await this.read(transaction, streams)
    )();
  }

  /**
   * One select for each projection that reacts to any of the events, all asked for at once.
   * @returns writes what the events make of the rows, by one upsert each: last of all in the transaction but for what does
   *   not touch them
   */
  async read(transaction: Transaction, streams: readonly StreamEvents[]): Promise<() => Promise<void>> {
    const touched = this.projections.flatMap((projection) => {
      const types = new Set<unknown>(projection.fold.types);
      const own = streams.filter(({ events }) => events.some(({ event }) => types.has(event.constructor)));
      return own.length > 0 ? [this.#read(transaction, projection, own)] : [];
    });
    const writes = await Promise.all(touched);
    return async () => {
      for (const write of writes) await write(transaction.unawaited);
    };
  }

  /** What a command that violated that unique constraint is to be rejected with, if a projection declares it. */
  rejectionFor(constraint: string): DomainError | undefined {
    return this.projections.find(({ unique }) => Object.hasOwn(unique, constraint))?.unique[constraint]?.();
  }

  async #read(
    transaction: Transaction,
    projection: Projection,
    touched: readonly StreamEvents[],
  ): Promise<(to: Pick<Transaction, 'query'>) => Promise<void>> {
    const table = this.#table(projection);
    const shown = touched.flatMap((stream) => addressed(projection, stream));
    const known = new Set(shown.filter(({ opens }) => !opens).map(({ id }) => id));
    const rows = await table.rows(transaction, [...known]);
    return (to) => table.write(to, changed(projection, rows, shown));
  }

  #table(projection: Projection): ReadModelTable {
    let table = this.#tables.get(projection);
    if (!table) this.#tables.set(projection, (table = new ReadModelTable(this.database, projection)));
    return table;
  }
}

interface Shown {
  readonly id: string;
  readonly event: object;
  readonly meta: EventMeta;
  /** Its stream begins here: there is no row yet. */
  readonly opens: boolean;
}

/** What the events make of the rows. */
function changed(projection: Projection, rows: ReadonlyMap<string, ReadModelRow>, shown: readonly Shown[]): Changes {
  const changes = new Map<string, ReadModelRow | null>();
  for (const { id, event, meta } of shown) {
    const before = (changes.has(id) ? changes.get(id) : rows.get(id)) ?? null;
    const next = projection.fold.apply(before, event, meta);
    if (next && next.id !== id)
      throw new Error(
        `${projection.name} is inline: its row's id must be its ${projection.key ? 'key' : "stream's id"}`,
      );
    changes.set(id, next && { ...next, version: projection.key ? (before?.version ?? 0) + 1 : meta.version });
  }
  for (const [id, row] of changes) if (!row && !rows.has(id)) changes.delete(id);
  return changes;
}

/** The rows that show a stream's events, in their order. */
function addressed({ key, fold }: Projection, { streamId, version, events }: StreamEvents): readonly Shown[] {
  const opens = version === 0;
  if (!key) return events.map((each) => ({ ...each, id: streamId, opens }));
  const types = new Set<unknown>(fold.types);
  return events.flatMap(({ event, meta }) => {
    // Inline, a key is a function of the event alone.
    const id = types.has(event.constructor) ? key(event, meta as LogMeta) : undefined;
    return id === undefined ? [] : [{ id, event, meta, opens }];
  });
}
