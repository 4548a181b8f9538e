import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { migrate } from '#platform/database/migrate.js';
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

  it('grows by what a later release adds', async () => {
    const url = await emptyDatabase();
    expect(await migrate(url, migrations.slice(0, 1))).toEqual(names.slice(0, 1));
    expect(await migrate(url, migrations)).toEqual(names.slice(1));
  });

  it('can be taken back, and nothing is left', async () => {
    const url = await emptyDatabase();
    await migrate(url, migrations);
    const source = new DataSource({
      type: 'postgres',
      url,
      schema: 'platform',
      migrations: [...migrations],
      migrationsTableName: 'migrations',
    });
    await source.initialize();
    for (const _ of migrations) await source.undoLastMigration();
    await source.destroy();
    expect(await ask(url, leftovers)).toEqual([]);
    expect(await migrate(url, migrations)).toEqual(names);
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
    await expect(migrate(url, [Broken1999000000000])).rejects.toThrow('syntax error');
    expect(await ask(url, leftovers)).toEqual([]);
    expect(await migrate(url, migrations)).toEqual(names);
  });
});
