import type { Projection, ReadModelRow } from '#kernel';

import { copyLine, type CopyKind } from '../database/copy-text.js';
import type { Database, Statement, Transaction } from '../database/database.js';

interface Column {
  readonly property: string;
  readonly name: string;
  readonly type: string;
  readonly kind: CopyKind;
}

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** Rows as they are to be from now on: null removes one. */
export type Changes = ReadonlyMap<string, ReadModelRow | null>;

/** Where the rows of a read model stand: the live table, or one like it. */
export class ReadModelTable {
  readonly #columns: readonly Column[];
  readonly #select: Statement;
  readonly #remove: Statement;
  readonly #upsert: Statement;
  readonly #copy: string;

  /** @param beside another table of the same form in the same schema */
  constructor(database: Database, projection: Projection, beside?: string) {
    const metadata = database.metadata(projection.row);
    const { schema, table } = tableOf(database, projection);
    const path = `"${schema}"."${beside ?? table}"`;
    const label = beside ?? projection.name;
    this.#columns = metadata.columns.map((column) => ({
      property: column.propertyName,
      name: column.databaseName,
      type: `${database.columnType(column)}${column.isArray ? '[]' : ''}`,
      kind: column.isArray ? 'array' : /^jsonb?$/.test(database.columnType(column)) ? 'json' : 'text',
    }));
    const key = this.#columns.find(({ name }) => name === 'id')?.type ?? 'uuid';
    const names = this.#columns.map(({ name }) => `"${name}"`).join(', ');
    const typed = this.#columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
    const others = this.#columns
      .filter(({ name }) => name !== 'id')
      .map(({ name }) => `"${name}" = excluded."${name}"`)
      .join(', ');
    // The part that deletes nothing takes the lock of a writer, and before that of a reader: a transaction that has read the
    // table and asks for the writer's lock then would deadlock with a rebuild that is about to exchange the table.
    this.#select = {
      name: `select ${label}`,
      text: `
        with writer as (delete from ${path} where false),
          found as materialized (select ${names} from ${path} where id = any($1::${key}[]))
        select * from found`,
    };
    this.#remove = { name: `remove ${label}`, text: `delete from ${path} where id = any($1::${key}[])` };
    this.#upsert = {
      name: `upsert ${label}`,
      text: `insert into ${path} (${names})
        select ${names} from json_to_recordset($1) as r(${typed})
        order by id
        on conflict (id) do update set ${others}`,
    };
    this.#copy = `copy ${path} (${names}) from stdin`;
  }

  /** The rows that there are of these, by id. The transaction is the table's writer from then on. */
  async rows(transaction: Pick<Transaction, 'query'>, ids: readonly string[]): Promise<Map<string, ReadModelRow>> {
    if (ids.length === 0) return new Map();
    const found = await transaction.query<Record<string, unknown>>(this.#select, [ids]);
    return new Map(found.map((row) => [row.id as string, this.#revived(row)]));
  }

  async write(transaction: Pick<Transaction, 'query'>, changes: Changes): Promise<void> {
    const removed: string[] = [];
    const written: Record<string, unknown>[] = [];
    for (const [id, row] of changes)
      if (row) written.push(this.#stored(row));
      else removed.push(id);
    if (removed.length > 0) await transaction.query(this.#remove, [removed]);
    if (written.length > 0) await transaction.query(this.#upsert, [JSON.stringify(written)]);
  }

  /**
   * The same for who writes the table alone: rows that are changed are removed first, so that one may take what another one
   * gives up, and all are copied in, which costs half of what inserting them does.
   * @param there of the changed rows those that there are
   */
  async replace(transaction: Transaction, there: ReadonlyMap<string, unknown>, changes: Changes): Promise<void> {
    const kinds = this.#columns.map(({ kind }) => kind);
    const removed: string[] = [];
    let lines = '';
    for (const [id, row] of changes) {
      if (there.has(id)) removed.push(id);
      if (row) lines += copyLine(this.#values(row), kinds);
    }
    if (removed.length > 0) await transaction.query(this.#remove, [removed]);
    if (lines !== '') await transaction.copy(this.#copy, lines);
  }

  #revived(row: Record<string, unknown>): ReadModelRow {
    const revived: Record<string, unknown> = {};
    for (const { property, name } of this.#columns) revived[property] = row[name];
    return revived as unknown as ReadModelRow;
  }

  #values(row: ReadModelRow): readonly unknown[] {
    return this.#columns.map(({ property }) => row[property as keyof ReadModelRow]);
  }

  #stored(row: ReadModelRow): Record<string, unknown> {
    const stored: Record<string, unknown> = {};
    for (const { property, name } of this.#columns) stored[name] = row[property as keyof ReadModelRow];
    return stored;
  }
}

/** The live table of a projection, as its entity names it. */
export function tableOf(database: Database, projection: Projection): TableName {
  const { schema, tableName: table } = database.metadata(projection.row);
  return { schema: schema ?? 'public', table };
}
