import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { checkDatabase, type Finding } from './database-check.js';
import { migrationState } from './migration-state.js';

@Entity({ schema: 'shop', name: 'orders' })
class OrderRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text', { nullable: true }) note!: string | null;
  @Column('timestamptz', { name: 'placed_at' }) placedAt!: Date;
  @Column('text', { array: true }) tags!: string[];
  @Column('numeric', { precision: 10, scale: 2 }) total!: string;
}

let world: ConnectedDatabase;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create([OrderRow]);
});
beforeEach(() => furnish(world));
afterAll(() => world.remove());

async function furnish({ rows }: ConnectedDatabase): Promise<void> {
  await rows.query('drop schema if exists shop cascade');
  await rows.query('create schema shop');
  await rows.query(`
    create table shop.orders (id uuid primary key, version integer not null, note text, placed_at timestamptz not null,
      tags text[] not null, total numeric(10, 2) not null,
      searchable tsvector generated always as (to_tsvector('simple', note)) stored)`);
}

/** Another database, for a test that leaves it unusable. */
async function ofItsOwn(work: (own: ConnectedDatabase) => Promise<unknown>): Promise<void> {
  const own = await ConnectedDatabase.create([OrderRow]);
  try {
    await furnish(own);
    await work(own);
  } finally {
    await own.remove();
  }
}

interface Asked {
  readonly migrations?: string[];
  readonly longTransaction?: number;
  readonly of?: ConnectedDatabase;
}

async function check({ of = world, ...options }: Asked = {}): Promise<Finding[]> {
  const database = await of.connect();
  try {
    const { applied } = await migrationState(database, []);
    const usual = { entities: [OrderRow], migrations: applied, poolSize: 10, longTransaction: 60 };
    return await checkDatabase(database, { ...usual, ...options });
  } finally {
    await database.onApplicationShutdown();
  }
}

/** What is not well, each with what to do about it. */
async function faults(asked?: Asked): Promise<string[]> {
  const found = (await check(asked)).filter(({ level }) => level !== 'ok');
  expect(found.filter(({ advice }) => !advice)).toEqual([]);
  return found.map(({ check: what, level, message }) => `${level} ${what}: ${message}`);
}

describe('A check of a database', () => {
  it('finds nothing wrong with one that is well, and says of each thing that it is', async () => {
    const findings = await check();
    expect(findings.map(({ check: what, level }) => `${what} ${level}`)).toEqual([
      'server ok',
      'settings ok',
      'migrations ok',
      'schema ok',
      'indexes ok',
      'transactions ok',
      'connections ok',
      'age ok',
    ]);
  });

  it('changes nothing, not even in an empty database', () =>
    ofItsOwn(async (own) => {
      await own.rows.query('drop schema platform cascade');
      expect(await faults({ of: own, migrations: ['First1'] })).toEqual(['fault migrations: 1 pending: First1']);
      expect(await own.rows.query(`select from pg_namespace where nspname = 'platform'`)).toEqual([]);
    }));

  it('finds migrations that have not run, and those of a newer release', async () => {
    const [first, ...rest] = (
      await world.rows.query<{ name: string }>('select name from platform.migrations order by id')
    ).map(({ name }) => name) as [string, ...string[]];
    expect(await faults({ migrations: [first, ...rest, 'Later2999000000000'] })).toEqual([
      'fault migrations: 1 pending: Later2999000000000',
    ]);
    expect(await faults({ migrations: rest })).toEqual([`warning migrations: 1 unknown to this release: ${first}`]);
  });

  it.each([
    ['drop column placed_at', 'fault schema: shop.orders.placed_at: the column is missing (timestamp with time zone)'],
    [
      'alter column version type bigint',
      'fault schema: shop.orders.version: the column is bigint, the entity says integer',
    ],
    [
      'alter column tags type text using tags[1]',
      'fault schema: shop.orders.tags: the column is text, the entity says text[]',
    ],
    [
      'alter column note set not null',
      'fault schema: shop.orders.note: the column refuses null, which the entity allows',
    ],
    [
      'add column colour text not null',
      'fault schema: shop.orders.colour: the column is in no entity, but must be filled: inserts fail',
    ],
    ['add column colour text', 'warning schema: shop.orders.colour: the column is in no entity'],
    [`add column colour text not null default 'red'`, 'warning schema: shop.orders.colour: the column is in no entity'],
    [
      'alter column version drop not null',
      'warning schema: shop.orders.version: the column takes null, which the entity does not expect',
    ],
    ['rename to parcels', 'fault schema: shop.orders: the table is missing'],
  ])('finds a table that differs from its entity: %s', async (change, finding) => {
    await world.rows.query(`alter table shop.orders ${change}`);
    expect(await faults()).toEqual([finding]);
  });

  it('finds an index whose making failed', async () => {
    const row = `(gen_random_uuid(), 1, 'twice', now(), '{}', 0)`;
    await world.rows.query(`insert into shop.orders values ${row}, ${row}`);
    const building = world.rows.query('create unique index concurrently one_note on shop.orders (note)');
    await expect(building).rejects.toThrow('could not create unique index');
    expect(await faults()).toEqual(['fault indexes: shop.one_note is invalid: it costs writes, and no query uses it']);
  });

  it('finds who has had a transaction open for long', async () => {
    const client = new pg.Client({ connectionString: world.rows.url, application_name: 'a forgotten shell' });
    await client.connect();
    try {
      await client.query('begin');
      expect(await faults({ longTransaction: 60 })).toEqual([]);
      expect(await faults({ longTransaction: 0 })).toEqual([
        expect.stringMatching(
          /^warning transactions: process \d+ \(a forgotten shell, idle in transaction\) has had one/,
        ),
      ]);
    } finally {
      await client.end();
    }
  });

  it.each([
    ['set synchronous_commit = off', 'warning settings: synchronous_commit is off: a crash of the server may lose'],
    ['set default_transaction_read_only = on', 'fault server: this database is read only'],
    ['connection limit 29', 'warning connections:'],
  ])('finds what is set on the database itself: %s', (change, finding) =>
    ofItsOwn(async (own) => {
      await own.rows.query(`alter database ${own.rows.name} ${change}`);
      expect(await faults({ of: own })).toEqual([expect.stringContaining(finding)]);
    }),
  );
});
