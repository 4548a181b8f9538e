import { eventType, type DomainError, type EventMeta, type Projection, type ReadModelRow } from '#kernel';

import type { Database, Statement, Transaction } from '../database/database.js';

export interface StreamEvents {
  readonly streamId: string;
  /** Version of the stream before the events. */
  readonly version: number;
  readonly events: readonly { event: object; meta: EventMeta }[];
}

interface Table {
  readonly select: Statement;
  readonly upsert: Statement;
  readonly remove: Statement;
  readonly columns: readonly { property: string; name: string }[];
}

/** Writes the rows of inline projections in the transaction of the events that they show. */
export class InlineProjections {
  readonly #tables = new Map<Projection, Table>();

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
    const rows = known.length > 0 ? await transaction.query<Record<string, unknown>>(table.select, [known]) : [];
    const byId = new Map(rows.map((row) => [row.id as string, revived(table, row)]));
    const written: Record<string, unknown>[] = [];
    const removed: string[] = [];
    for (const { streamId, events } of touched) {
      let row: ReadModelRow | null = byId.get(streamId) ?? null;
      for (const { event, meta } of events) {
        const next = projection.fold.apply(row, event, meta);
        if (next && next.id !== streamId)
          throw new Error(`${projection.name} is inline: its row's id must be its stream's id`);
        row = next && { ...next, version: meta.version };
      }
      if (row) written.push(stored(table, row));
      else if (byId.has(streamId)) removed.push(streamId);
    }
    if (removed.length > 0) await transaction.query(table.remove, [removed]);
    if (written.length > 0) await transaction.query(table.upsert, [JSON.stringify(written)]);
  }

  #table(projection: Projection): Table {
    let table = this.#tables.get(projection);
    if (!table) {
      const metadata = this.database.metadata(projection.row);
      const path = metadata.tablePath
        .split('.')
        .map((part) => `"${part}"`)
        .join('.');
      const columns = metadata.columns.map((column) => ({
        property: column.propertyName,
        name: column.databaseName,
        type: `${this.database.columnType(column)}${column.isArray ? '[]' : ''}`,
      }));
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      const others = columns.filter(({ name }) => name !== 'id').map(({ name }) => `"${name}" = excluded."${name}"`);
      table = {
        columns,
        select: { name: `select ${projection.name}`, text: `select ${names} from ${path} where id = any($1::uuid[])` },
        remove: { name: `remove ${projection.name}`, text: `delete from ${path} where id = any($1::uuid[])` },
        upsert: {
          name: `upsert ${projection.name}`,
          text: `insert into ${path} (${names})
            select ${names} from json_to_recordset($1) as r(${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')})
            order by id
            on conflict (id) do update set ${others.join(', ')}`,
        },
      };
      this.#tables.set(projection, table);
    }
    return table;
  }
}

function revived(table: Table, row: Record<string, unknown>): ReadModelRow {
  return Object.fromEntries(
    table.columns.map(({ property, name }) => [property, row[name]]),
  ) as unknown as ReadModelRow;
}

const stored = (table: Table, row: ReadModelRow): Record<string, unknown> =>
  Object.fromEntries(table.columns.map(({ property, name }) => [name, row[property as keyof ReadModelRow]]));
