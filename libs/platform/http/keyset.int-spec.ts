import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { newId } from '#kernel';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from './cursors.js';
import { keyset, sortsOf } from './keyset.js';
import type { Paged } from './page.js';
import { Problem } from './problem.js';

interface Parcel {
  readonly id: string;
  readonly label: string;
}

const parcels = keyset({
  name: 'post.parcels',
  sorts: {
    weight: { expression: 'weight', type: 'int' },
    label: { expression: 'lower(label)', type: 'text' },
    sent_at: { expression: 'sent_at', type: 'timestamptz', nullable: true },
  },
  default: '-weight',
});
/** Postgres' own words for each sort. */
const order: Readonly<Record<string, string>> = {
  weight: 'weight, id',
  '-weight': 'weight desc, id desc',
  label: 'lower(label), id',
  '-label': 'lower(label) desc, id desc',
  sent_at: 'sent_at nulls last, id',
  '-sent_at': 'sent_at desc nulls last, id desc',
};

const cursors = new Cursors('a secret of at least 32 characters');
let world: ConnectedDatabase;
let db: ReadDatabase;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  db = new ReadDatabase(await world.connect());
  await world.rows.query(`
    create schema post;
    create table post.parcels (
      id uuid primary key, owner int not null, weight int not null, label text not null, sent_at timestamptz
    )`);
  // Few values, so that there are many ties; times differ by microseconds, which a JavaScript date cannot hold.
  await world.rows.query(`
    insert into post.parcels
    select gen_random_uuid(), n % 3, (n * 7) % 5 - 2, (array['Ä', 'a', 'A', 'b', '', ' ', 'it''s', '👶'])[n % 8 + 1],
      case when n % 4 > 0 then timestamptz '2026-03-01T10:00:00Z' + (n % 6) * interval '1 microsecond' end
    from generate_series(1, 150) n`);
});
afterAll(() => world.remove());

interface Query {
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly include?: 'total';
  readonly owner?: number | null;
}

const read = (list: typeof parcels, { owner = null, ...query }: Query): Promise<Paged<Parcel>> =>
  list.page<Parcel>(db, cursors, {
    columns: 'id, label',
    from: 'post.parcels',
    where: ['($1::int is null or owner = $1)'],
    values: [owner],
    query,
  });

async function allPages(query: Query): Promise<Parcel[][]> {
  const pages: Parcel[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read(parcels, { ...query, cursor });
    pages.push([...page.items]);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

const allAtOnce = ({ sort = '-weight', owner = null }: Query): Promise<Parcel[]> =>
  world.rows.query(`select id, label from post.parcels where $1::int is null or owner = $1 order by ${order[sort]}`, [
    owner,
  ]);

const reasonOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      return error.details.reason;
    },
  );

describe('A list', () => {
  it('can be sorted both ways by each of its sorts', () => {
    expect(sortsOf(parcels)).toEqual(['weight', '-weight', 'label', '-label', 'sent_at', '-sent_at']);
    expect(Object.keys(order)).toEqual(sortsOf(parcels));
  });

  it('read page by page is the list read at once, however it is sorted and cut', async () => {
    const query = fc.record({
      sort: fc.constantFrom(...sortsOf(parcels)),
      limit: fc.integer({ min: 1, max: 100 }),
      owner: fc.constantFrom(null, 0, 1, 2, 9),
    });
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        const [pages, whole] = [await allPages(asked), await allAtOnce(asked)];
        expect(pages.flat()).toEqual(whole);
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(asked.limit);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(whole.length / asked.limit)));
      }),
      { numRuns: 40 },
    );
  });

  it('has twenty items a page, sorted by its default, unless told otherwise', async () => {
    const { items, next_cursor } = await read(parcels, {});
    expect(items).toEqual((await allAtOnce({})).slice(0, 20));
    expect(next_cursor).not.toBeNull();
  });

  it('ends with its last item, be the last page full or not', async () => {
    const { items, next_cursor } = await read(parcels, { limit: 50, owner: 1 });
    expect([items.length, next_cursor]).toEqual([50, null]);
    expect(await read(parcels, { owner: 9 })).toEqual({ items: [], next_cursor: null });
  });

  it('shows the columns that were asked for, and no other', async () => {
    const { items } = await read(parcels, { limit: 1 });
    expect(Object.keys(items[0] as object)).toEqual(['id', 'label']);
  });

  it('tells how many items it has in all, on every page, when that is asked', async () => {
    const first = await read(parcels, { limit: 20, include: 'total', owner: 0 });
    const cursor = first.next_cursor as string;
    const second = await read(parcels, { limit: 20, include: 'total', owner: 0, cursor });
    expect([first.total, second.total]).toEqual([50, 50]);
    expect(await read(parcels, { limit: 20, owner: 0, cursor })).not.toHaveProperty('total');
  });

  it('neither skips nor repeats what was there all the time, while others come and go', async () => {
    const insert = 'insert into post.parcels values ($1, 2, $2, $3, now()) returning id';
    const whole = await allAtOnce({ owner: 2 });
    const seen: string[] = [];
    const added: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read(parcels, { limit: 7, owner: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      for (const weight of [-9, 0, 9]) {
        const id = newId();
        added.push(id);
        await world.rows.query(insert, [id, weight, 'late']);
      }
    } while (cursor !== undefined);
    await world.rows.query('delete from post.parcels where id = any($1::uuid[])', [added]);
    expect(seen.filter((id) => !added.includes(id))).toEqual(whole.map(({ id }) => id));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('The cursor of a list', () => {
  const start = async (query: Query = {}): Promise<string> =>
    (await read(parcels, { limit: 5, ...query })).next_cursor as string;

  it('goes on with pages of another size', async () => {
    const cursor = await start();
    const { items } = await read(parcels, { limit: 30, cursor });
    expect(items).toEqual((await allAtOnce({})).slice(5, 35));
  });

  it('is refused under another sort', async () => {
    const cursor = await start({ sort: 'weight' });
    for (const sort of sortsOf(parcels).filter((name) => name !== 'weight'))
      expect(await reasonOf(read(parcels, { sort, cursor }))).toBe('cursor_invalid');
  });

  it('is good for the default sort, said or not', async () => {
    expect(await reasonOf(read(parcels, { sort: '-weight', cursor: await start() }))).toBe('read');
  });

  it('is refused under other filters', async () => {
    const cursor = await start({ owner: 1 });
    for (const owner of [null, 0, 2]) expect(await reasonOf(read(parcels, { owner, cursor }))).toBe('cursor_invalid');
  });

  it('is refused by another list', async () => {
    const letters = keyset({
      name: 'post.letters',
      sorts: {
        weight: { expression: 'weight', type: 'int' },
        label: { expression: 'label', type: 'text' },
        sent_at: { expression: 'sent_at', type: 'timestamptz', nullable: true },
      },
      default: '-weight',
    });
    expect(await reasonOf(read(letters, { cursor: await start() }))).toBe('cursor_invalid');
  });

  it('is refused before Postgres is asked', async () => {
    const away = {
      query: () => Promise.reject(new Error('Postgres was asked')),
    } as unknown as ReadDatabase;
    const list = { columns: 'id', from: 'post.parcels', where: [], values: [], query: { cursor: 'made.up' } };
    expect(await reasonOf(parcels.page(away, cursors, list))).toBe('cursor_invalid');
  });
});
