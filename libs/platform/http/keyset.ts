import { createHash } from 'node:crypto';

import type { QueryResultRow } from 'pg';

import type { ReadDatabase } from '../database/read-database.js';
import type { Cursors } from './cursors.js';
import { defaultLimit, type Page, type Paged } from './page.js';

/** What a list can be sorted by. */
export interface Sort {
  /** SQL over the list's columns. */
  readonly expression: string;
  /** Its type in Postgres. */
  readonly type: string;
  /** Only for times: it may be null, and then comes last in both directions. */
  readonly nullable?: boolean;
}

export interface KeysetOptions<Name extends string> {
  /** Names the list: its cursors are good for no other. */
  readonly name: string;
  readonly sorts: Readonly<Record<Name, Sort>>;
  /** `field`, or `-field` for the reverse. */
  readonly default: NoInfer<Name> | `-${NoInfer<Name>}`;
}

export interface ListStatement {
  readonly columns: string;
  readonly from: string;
  /** Conditions over `$1`, `$2` …, all of which must hold. */
  readonly where: readonly string[];
  readonly values: readonly unknown[];
  readonly query: Page & { readonly sort?: string };
}

/** A list that is read page by page, each from where the one before ended: no page gets slower, none skips or repeats. */
export class Keyset<Name extends string> {
  /** What `sort` may be. */
  readonly sorts: readonly string[];
  readonly #named = new Map<string, string>();

  constructor(private readonly options: KeysetOptions<Name>) {
    this.sorts = Object.keys(options.sorts).flatMap((name) => [name, `-${name}`]);
  }

  /** @throws Problem 400 `cursor_invalid` */
  async page<Row extends QueryResultRow & { id: string }>(
    db: ReadDatabase,
    cursors: Cursors,
    { columns, from, where, values, query }: ListStatement,
  ): Promise<Paged<Row>> {
    const { limit = defaultLimit, sort = this.options.default, cursor, include } = query;
    const list = [this.options.name, sort, values];
    const after = cursor === undefined ? undefined : cursors.open(list, cursor);
    const { key, type, direction, beyond } = this.#order(sort);
    const [position, id, most] = [1, 2, 3].map((n) => `$${values.length + n}`);
    const conditions = [
      ...where,
      `(${position}::${type} is null or (${key}, id) ${beyond} (${position}::${type}, ${id}::uuid))`,
    ];
    const text = `select ${columns}, (${key})::text as sort_key from ${from} where ${conditions.join(' and ')}
      order by ${key} ${direction}, id ${direction} limit ${most}`;
    const rows = await db.query<Row & { sort_key?: string }>({ name: this.#name(text), text }, [
      ...values,
      after?.key,
      after?.id,
      limit + 1,
    ]);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next_cursor = last ? cursors.seal(list, { key: String(last.sort_key), id: last.id }) : null;
    for (const item of items) delete item.sort_key;
    return { items, next_cursor, ...(include && { total: await this.#total(db, from, where, values) }) };
  }

  #order(sort: string): { key: string; type: string; direction: 'asc' | 'desc'; beyond: '>' | '<' } {
    const descending = sort.startsWith('-');
    const { expression, type, nullable } = this.options.sorts[sort.replace(/^-/, '') as Name];
    const end = descending ? '-infinity' : 'infinity';
    const key = nullable ? `coalesce(${expression}, '${end}'::${type})` : expression;
    return { key, type, direction: descending ? 'desc' : 'asc', beyond: descending ? '<' : '>' };
  }

  async #total(db: ReadDatabase, from: string, where: readonly string[], values: readonly unknown[]): Promise<number> {
    const text = `select count(*)::int as total from ${from} where ${where.join(' and ') || 'true'}`;
    const [row] = await db.query<{ total: number }>({ name: this.#name(text), text }, values);
    return row?.total ?? 0;
  }

  /** A prepared statement's name stands for one text, and has at most 63 bytes. */
  #name(text: string): string {
    let name = this.#named.get(text);
    if (!name) {
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
      this.#named.set(text, (name = `${this.options.name.slice(0, 40)} ${digest}`));
    }
    return name;
  }
}

export const keyset = <Name extends string>(options: KeysetOptions<Name>): Keyset<Name> => new Keyset(options);

/** What the list can be sorted by: for `@IsIn` on its `sort` parameter. */
export const sortsOf = (list: Keyset<string>): readonly string[] => list.sorts;
