import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';

import { sharedServers } from '#testing/servers.js';

import { Auth1764000400000 } from './1764000400000-auth.js';
import { SessionsByVersion1764001600000 } from './1764001600000-sessions-by-version.js';

const name = `contextflow_auth_${randomBytes(6).toString('hex')}`;
let server: DataSource;
let source: DataSource;

const opened = (url: string): Promise<DataSource> => new DataSource({ type: 'postgres', url }).initialize();

beforeAll(async () => {
  server = await opened(sharedServers().databaseUrl);
  await server.query(`create database ${name}`);
  const url = new URL(sharedServers().databaseUrl);
  url.pathname = `/${name}`;
  source = await opened(url.toString());
});
afterAll(async () => {
  await source.destroy();
  await server.query(`drop database ${name} with (force)`);
  await server.destroy();
});

const tables = () =>
  source.query<{ name: string }[]>(
    `select table_name as name from information_schema.tables where table_schema = 'auth' order by 1`,
  );

describe('Bringing accounts', () => {
  it('makes their tables, can be taken back, and brought again', async () => {
    const db = source.createQueryRunner();
    await new Auth1764000400000().up(db);
    const made = await tables();
    expect(made.map((table) => table.name)).toEqual([
      'account_endings',
      'accounts',
      'credentials',
      'limits',
      'oauth_flows',
      'role_grants',
      'service_clients',
      'sessions',
    ]);

    await new Auth1764000400000().down(db);
    expect(await tables()).toEqual([]);
    await new Auth1764000400000().up(db);
    expect(await tables()).toEqual(made);
    await db.release();
  });

  it('lets sessions be told by versions, which can be taken back', async () => {
    const db = source.createQueryRunner();
    const columns = () =>
      source.query<object[]>(
        `select table_name from information_schema.columns
         where table_schema = 'auth' and column_name in ('sessions_valid_from_version', 'account_version')`,
      );
    await new SessionsByVersion1764001600000().up(db);
    expect(await columns()).toHaveLength(2);
    await new SessionsByVersion1764001600000().down(db);
    expect(await columns()).toEqual([]);
    await new SessionsByVersion1764001600000().up(db);
    await db.release();
  });

  it('lets nobody have the e-mail address or the user name of somebody else', async () => {
    const insert = (email: string, username: string) =>
      source.query(
        `insert into auth.accounts
           (id, version, email, username, name, is_active, is_verified, external_identities, outstanding, created_at, updated_at)
         values (gen_random_uuid(), 1, $1, $2, '', true, false, '{}', '[]', now(), now())`,
        [email, username],
      );
    await insert('ada@example.org', 'Ada');
    await expect(insert('ada@example.org', 'somebody')).rejects.toMatchObject({ constraint: 'accounts_email' });
    await expect(insert('new@example.org', 'aDA')).rejects.toMatchObject({ constraint: 'accounts_username' });
  });
});
