import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { downTo, lastSteps, migrate, revert } from '#platform/database/migrate.js';
import { sharedServers } from '#testing/servers.js';

import { migrations } from './migrations.js';

const names = migrations.map(({ name }) => name);
const created: string[] = [];
let server: pg.Client;

beforeAll(async () => {
  server = new pg.Client({ connectionString: sharedServers().databaseUrl });
  await server.connect();
});
afterAll(async () => {
  for (const name of created) await server.query(`drop database if exists ${name} with (force)`);
  await server.end();
});

async function emptyDatabase(): Promise<string> {
  const name = `contextflow_migrate_${randomBytes(6).toString('hex')}`;
  created.push(name);
  await server.query(`create database ${name}`);
  const url = new URL(sharedServers().databaseUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const leftovers = `
  select nspname || '.' || relname as name from pg_class join pg_namespace n on n.oid = relnamespace
  where nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and relkind not in ('i', 'S') and relname <> 'migrations'
  union all
  select nspname from pg_namespace where nspname not in ('platform', 'public', 'information_schema') and nspname not like 'pg_%'
  union all
  select proname from pg_proc join pg_namespace n on n.oid = pronamespace where nspname not in ('pg_catalog', 'information_schema')
  union all
  select typname from pg_type join pg_namespace n on n.oid = typnamespace
  where nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and typname not like '%migrations'`;

/** Tables, columns, constraints, indexes, functions and triggers, as the server describes them. */
async function shape(url: string): Promise<Record<string, unknown>> {
  const own = `nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\\_%'`;
  const described = {
    columns: `select c.oid::regclass::text as place, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
        pg_get_expr(adbin, adrelid) as value, reloptions
      from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
      left join pg_attrdef on adrelid = c.oid and adnum = attnum where ${own} and relkind in ('r', 'p', 'v', 'm')`,
    constraints: `select conrelid::regclass::text as place, conname, pg_get_constraintdef(pg_constraint.oid), convalidated
      from pg_constraint join pg_namespace n on n.oid = connamespace where ${own}`,
    indexes: `select indexname, indexdef from pg_indexes join pg_namespace on nspname = schemaname where ${own}`,
    functions: `select proname, pg_get_functiondef(pg_proc.oid) from pg_proc join pg_namespace n on n.oid = pronamespace where ${own} and prokind <> 'a'`,
    triggers: `select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal`,
    schemas: `select nspname from pg_namespace where ${own}`,
  };
  const shown = await Promise.all(
    Object.entries(described).map(async ([what, text]) => [
      what,
      (await ask(url, text)).map((row) => JSON.stringify(row)).sort(),
    ]),
  );
  return Object.fromEntries(shown) as Record<string, unknown>;
}

describe('The schema', () => {
  it('is brought up to date once', async () => {
    const url = await emptyDatabase();
    expect(await migrate(url, migrations)).toEqual(names);
    expect(await migrate(url, migrations)).toEqual([]);
  });

  it('is brought up to date by one of two that try at once', async () => {
    const url = await emptyDatabase();
    const ran = await Promise.all([migrate(url, migrations), migrate(url, migrations)]);
    expect(ran.sort((a, b) => a.length - b.length)).toEqual([[], names]);
  });

  it('may be given an index concurrently, although others wait for their turn', async () => {
    const url = await emptyDatabase();
    class Concurrent2999000000000 {
      readonly transaction = false;
      async up(db: { query(text: string): Promise<unknown> }): Promise<void> {
        await db.query('create index concurrently if not exists by_age on platform.contexts (created_at)');
      }
      async down(db: { query(text: string): Promise<unknown> }): Promise<void> {
        await db.query('drop index concurrently platform.by_age');
      }
    }
    const longer = [...migrations, Concurrent2999000000000];
    const ran = await Promise.all([migrate(url, longer), migrate(url, longer), migrate(url, longer)]);
    expect(ran.flat()).toEqual([...names, 'Concurrent2999000000000']);
    expect(await revert(url, longer, lastSteps(1))).toEqual(['Concurrent2999000000000']);
  });

  it('grows by what a later release adds', async () => {
    const url = await emptyDatabase();
    expect(await migrate(url, migrations.slice(0, 1))).toEqual(names.slice(0, 1));
    expect(await migrate(url, migrations)).toEqual(names.slice(1));
  });

  it('can be taken back step by step, to what it was at each, and nothing is left', async () => {
    const url = await emptyDatabase();
    await migrate(url, []);
    const shapes = [await shape(url)];
    for (const [index] of migrations.entries()) {
      await migrate(url, migrations.slice(0, index + 1));
      shapes.push(await shape(url));
    }
    for (const name of names.toReversed()) {
      const whole = shapes.pop();
      expect(await revert(url, migrations, lastSteps(1))).toEqual([name]);
      expect({ without: name, ...(await shape(url)) }).toEqual({ without: name, ...shapes.at(-1) });
      await migrate(url, migrations.slice(0, shapes.length));
      expect({ again: name, ...(await shape(url)) }).toEqual({ again: name, ...whole });
      await revert(url, migrations, lastSteps(1));
    }
    expect(await ask(url, leftovers)).toEqual([]);
    expect(await migrate(url, migrations)).toEqual(names);
  });

  it('can be taken back to a migration, which stays with its data', async () => {
    const url = await emptyDatabase();
    await migrate(url, migrations);
    await ask(url, `insert into platform.contexts (name, partitions) values ('kept', 3)`);
    expect(await revert(url, migrations, downTo(names[0] as string))).toEqual(names.slice(1).toReversed());
    expect(await migrate(url, migrations)).toEqual(names.slice(1));
    expect(await ask(url, 'select name, partitions from platform.contexts')).toEqual([{ name: 'kept', partitions: 3 }]);
    expect(await revert(url, migrations, downTo(names.at(-1) as string))).toEqual([]);
  });

  it('is taken back by one at a time', async () => {
    const url = await emptyDatabase();
    await migrate(url, migrations);
    const two = await Promise.all([revert(url, migrations, lastSteps(1)), revert(url, migrations, lastSteps(1))]);
    expect(two.flat().toSorted()).toEqual(names.slice(-2).toSorted());
  });

  it('is not taken back further than it goes, nor by a release that does not know the way', async () => {
    const url = await emptyDatabase();
    await migrate(url, migrations);
    const older = migrations.slice(0, -1);
    await expect(revert(url, older, lastSteps(1))).rejects.toThrow(`${names.at(-1)} is not part of this release`);
    await expect(revert(url, older, lastSteps(2))).rejects.toThrow(`${names.at(-1)} is not part of this release`);
    await expect(revert(url, migrations, lastSteps(names.length + 1))).rejects.toThrow('ask for at most so many');
    await expect(revert(url, migrations, downTo('Nowhere'))).rejects.toThrow('"Nowhere" is not applied: choose one of');
    expect(await migrate(url, migrations)).toEqual([]);
  });

  it('stays as it was when a migration fails', async () => {
    const url = await emptyDatabase();
    class Broken1999000000000 {
      async up(db: { query(text: string): Promise<unknown> }): Promise<void> {
        await db.query('create table platform.half (id int)');
        await db.query('create nonsense');
      }
      async down(): Promise<void> {}
    }
    await expect(migrate(url, [Broken1999000000000])).rejects.toThrow('Broken1999000000000 failed: syntax error');
    expect(await ask(url, leftovers)).toEqual([]);
    expect(await migrate(url, migrations)).toEqual(names);
  });
});
