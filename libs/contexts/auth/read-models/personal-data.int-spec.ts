import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { toWire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { withoutKeys } from '#platform/privacy/privacy.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { AccountCredentialsSet, rolesId, UserRegistered } from '../contract/index.js';
import { AuthPersonalData } from './personal-data.js';

const at = '2026-03-01T10:00:00.000Z';
const [ada, bob] = [randomUUID(), randomUUID()];
const sessionId = randomUUID();

let world: ConnectedDatabase;
let personal: AuthPersonalData;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const reading = new ReadDatabase(await world.connect());
  personal = new AuthPersonalData(reading, new EventLog(reading, withoutKeys));
  for (const [id, name, identities] of [
    [ada, 'ada', ['google:1082']],
    [bob, 'bob', []],
  ] as const)
    await world.rows.query(
      `insert into auth.accounts (id, version, email, username, name, is_active, is_verified, external_identities,
         outstanding, created_at, updated_at)
       values ($1, 2, $2, $3, '', true, true, $4, '[]', $5, $5)`,
      [id, `${name}@example.org`, name, identities, at],
    );
  await world.rows.query(`insert into auth.role_grants (id, version, grants, revoked_at) values ($1, 1, $2, '{}')`, [
    rolesId,
    { [ada]: ['analyst'] },
  ]);
  await world.rows.query(
    `insert into auth.sessions (id, account_id, token_hash, seed, created_at, last_used_at, expires_at, user_agent, address)
     values ($1, $2, 'a hash', 'a seed', $3, $3, $3, 'A browser', '203.0.113.9')`,
    [sessionId, ada, at],
  );
  const registered = { userId: ada, email: 'ada@example.org', username: 'ada', name: '' };
  const events = [
    new UserRegistered({ ...registered, source: 'password', emailVerified: false }),
    new AccountCredentialsSet({ userId: ada, passwordHash: '$argon2id$v=19$canary' }),
  ];
  for (const [index, event] of events.entries())
    await world.rows.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ('auth.account', $1, $2, $3, $4, '{"actor": "anonymous"}', $5)`,
      [ada, index + 1, ['user.registered.v1', 'account.credentials_set.v1'][index], toWire(event), at],
    );
});
afterAll(() => world?.remove());

describe('What is kept of an account', () => {
  it('is the account, its roles, sessions and history', async () => {
    expect(await personal.of(ada)).toEqual({
      account: {
        id: ada,
        version: 2,
        email: 'ada@example.org',
        username: 'ada',
        name: '',
        is_active: true,
        is_verified: true,
        external_identities: ['google:1082'],
        created_at: new Date(at),
        updated_at: new Date(at),
        roles: ['analyst'],
      },
      sessions: [
        {
          id: sessionId,
          user_agent: 'A browser',
          address: '203.0.113.9',
          created_at: new Date(at),
          last_used_at: new Date(at),
          expires_at: new Date(at),
          revoked_at: null,
          revoked_reason: null,
        },
      ],
      history: [
        {
          version: 1,
          type: 'user.registered.v1',
          data: expect.objectContaining({ email: 'ada@example.org' }),
          occurred_at: new Date(at),
        },
        { version: 2, type: 'account.credentials_set.v1', data: { user_id: ada }, occurred_at: new Date(at) },
      ],
    });
  });

  it('has no secrets in it', async () => {
    expect(JSON.stringify(await personal.of(ada))).not.toMatch(/argon2|canary|hash|seed/);
  });

  it('is nobody else’s', async () => {
    expect(await personal.of(bob)).toMatchObject({ account: { email: 'bob@example.org', roles: [] }, sessions: [] });
  });

  it('is nothing where there is no such account', async () => {
    expect(await personal.of(randomUUID())).toBeUndefined();
  });
});
