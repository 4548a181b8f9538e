import type { Projection } from '#kernel';

import type { Database, Statement, Transaction } from '../database/database.js';
import { tableOf, type TableName } from './read-model-table.js';

interface Catalogued extends Record<string, unknown> {
  readonly name: string;
  readonly definition: string;
}

interface Referrer extends Catalogued {
  readonly table: string;
}

/** Indexes of a table with many rows take their time, and nobody waits for them. */
const patience = 6 * 3_600_000;
const suffix = '__next';
/** Postgres cuts names beyond 63 bytes. */
const beside = (name: string): string => `${name.slice(0, 63 - suffix.length)}${suffix}`;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Changes of the schema are not worth a prepared statement. */
const once = (text: string): Statement => ({ name: '', text });
const unhurried = (text: string): Statement => ({ ...once(text), query_timeout: patience }) as Statement;

// What stands behind a constraint is made with it, and not by itself.
const indexes = once(`
  select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = $1::regclass and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
  order by 1`);
const constraints = once(`
  select conname as name, pg_get_constraintdef(oid) as definition, contype = 'p' as is_key from pg_constraint
  where conrelid = $1::regclass and contype in ('p', 'u', 'x') order by 1`);
const options = once('select reloptions as options from pg_class where oid = $1::regclass');
const referrers = once(`
  select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint
  where confrelid = $1::regclass and contype = 'f' and conrelid <> confrelid order by 2, 1`);

/** The table that a read model is built in beside the live one, until it takes that one's place. */
export class ShadowTable {
  readonly name: string;
  readonly #live: TableName;

  constructor(
    private readonly database: Database,
    projection: Projection,
  ) {
    this.#live = tableOf(database, projection);
    this.name = beside(this.#live.table);
  }

  get #livePath(): string {
    return `${quoted(this.#live.schema)}.${quoted(this.#live.table)}`;
  }

  get #path(): string {
    return `${quoted(this.#live.schema)}.${quoted(this.name)}`;
  }

  async exists(): Promise<boolean> {
    const [row] = await this.database.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      this.#path,
    ]);
    return row?.there ?? false;
  }

  /** Makes it, empty and with the key alone: other indexes are made faster when the rows are there. */
  async create(transaction: Transaction): Promise<void> {
    await transaction.query(once(`drop table if exists ${this.#path}`), []);
    await transaction.query(
      once(`create table ${this.#path} (like ${this.#livePath} including all excluding indexes)`),
      [],
    );
    const [set] = await transaction.query<{ options: string[] | null }>(options, [this.#livePath]);
    if (set?.options) await transaction.query(once(`alter table ${this.#path} set (${set.options.join(', ')})`), []);
    const keys = await transaction.query<Catalogued & { is_key: boolean }>(constraints, [this.#livePath]);
    for (const { name, definition } of keys.filter(({ is_key }) => is_key))
      await this.#constrain(transaction, name, definition);
  }

  /** Gives it all that the live table has and it has not yet. */
  async complete(): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(once(`set local statement_timeout = ${patience}`), []);
      const own = await this.#catalogued(transaction, this.#path);
      const wanted = await this.#catalogued(transaction, this.#livePath);
      for (const { name, definition } of wanted.constraints)
        if (!own.constraints.some((each) => each.name === beside(name)))
          await this.#constrain(transaction, name, definition);
      for (const { name, definition } of wanted.indexes)
        if (!own.indexes.some((each) => each.name === beside(name)))
          await transaction.query(unhurried(this.#moved(name, definition)), []);
      await transaction.query(unhurried(`analyze ${this.#path}`), []);
    });
  }

  /** Has those who write to the live table wait, until the transaction ends. Who reads goes on. */
  async holdWriters(transaction: Transaction): Promise<void> {
    const others = await transaction.query<Referrer>(referrers, [this.#livePath]);
    // Whoever refers to a row locks his own table first.
    const tables = [...new Set(others.map(({ table }) => table)), this.#livePath];
    await transaction.query(once(`lock table ${tables.join(', ')} in exclusive mode`), []);
  }

  /** Puts it in the place of the live table, with all its names, in one statement. */
  async replaceLive(transaction: Transaction): Promise<void> {
    const { constraints: kept, indexes: others } = await this.#catalogued(transaction, this.#livePath);
    const foreign = await transaction.query<Referrer>(referrers, [this.#livePath]);
    const { schema, table } = this.#live;
    const steps = [
      ...foreign.map(({ table: from, name }) => `alter table ${from} drop constraint ${quoted(name)}`),
      `drop table ${this.#livePath}`,
      `alter table ${this.#path} rename to ${quoted(table)}`,
      ...kept.map(
        ({ name }) => `alter table ${this.#livePath} rename constraint ${quoted(beside(name))} to ${quoted(name)}`,
      ),
      ...others.map(({ name }) => `alter index ${quoted(schema)}.${quoted(beside(name))} rename to ${quoted(name)}`),
      // Their rows were checked against the rows that are replaced by equal ones.
      ...foreign.map(
        ({ table: from, name, definition }) =>
          `alter table ${from} add constraint ${quoted(name)} ${definition.replace(/ not valid$/i, '')} not valid`,
      ),
    ];
    await transaction.query(once(`do $exchange$ begin ${steps.join('; ')}; end $exchange$`), []);
  }

  /** Looks once more at what refers to the table, while everybody goes on. */
  async validateReferrers(): Promise<void> {
    const foreign = await this.database.query<Referrer>(referrers.text, [this.#livePath]);
    for (const { table, name } of foreign)
      await this.database.query(unhurried(`alter table ${table} validate constraint ${quoted(name)}`));
  }

  async drop(transaction: Transaction): Promise<void> {
    await transaction.query(once(`drop table if exists ${this.#path}`), []);
  }

  async #catalogued(transaction: Transaction, path: string) {
    return {
      constraints: await transaction.query<Catalogued>(constraints, [path]),
      indexes: await transaction.query<Catalogued>(indexes, [path]),
    };
  }

  async #constrain(transaction: Transaction, name: string, definition: string): Promise<void> {
    await transaction.query(
      unhurried(`alter table ${this.#path} add constraint ${quoted(beside(name))} ${definition}`),
      [],
    );
  }

  /** The same index, on this table and under another name. */
  #moved(name: string, definition: string): string {
    const [, head, tail] = /^(CREATE (?:UNIQUE )?INDEX ).+? ON .+? (USING .+)$/s.exec(definition) ?? [];
    if (!head || !tail) throw new Error(`the index ${name} cannot be made anew: ${definition}`);
    return `${head}${quoted(beside(name))} ON ${this.#path} ${tail}`;
  }
}
