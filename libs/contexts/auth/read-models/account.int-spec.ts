import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  UserDeleted,
  UserPasswordResetRequested,
  UserRegistered,
} from '../contract/index.js';
import { RecordedAccounts } from '../doubles/recorded-accounts.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedAccounts;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
});
afterAll(() => recorded.remove());

const registered = (fields: Partial<UserRegistered> = {}): UserRegistered => {
  const userId = randomUUID();
  const username = `u_${userId.slice(0, 8)}`;
  const identity = { email: `${username}@example.org`, username, name: '', source: 'password', emailVerified: false };
  return new UserRegistered({ userId, ...identity, ...fields });
};

/** What became of each: `kept`, or the constraint that it violates. */
const atOnce = async (events: readonly object[]): Promise<string[]> => {
  const attempts = await Promise.allSettled(events.map((event) => recorded.happened(at, event)));
  return attempts.map((attempt) =>
    attempt.status === 'fulfilled' ? 'kept' : String((attempt.reason as { constraint?: string }).constraint),
  );
};

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('Of twenty accounts at once', () => {
  it('with the same e-mail address one is kept', async () => {
    const ends = await atOnce(Array.from({ length: 20 }, () => registered({ email: 'ada@example.org' })));
    expect(ends.toSorted()).toEqual([...times(19, 'accounts_email'), 'kept']);
  });

  it('with the same user name, in whatever letters, one is kept', async () => {
    const ends = await atOnce(
      Array.from({ length: 20 }, (_, n) => registered({ username: n % 2 === 0 ? 'Ada_L' : 'aDA_l' })),
    );
    expect(ends.toSorted()).toEqual([...times(19, 'accounts_username'), 'kept']);
  });
});

describe('An account', () => {
  it('gives its e-mail address and user name back with its end', async () => {
    const before = registered({ email: 'brief@example.org', username: 'brief' });
    const { userId } = before;
    await recorded.happened(at, before, new UserDeleted({ userId, emailHash: 'f3d1', deletedAt: at }));
    expect(await atOnce([registered({ email: 'brief@example.org', username: 'brief' })])).toEqual(['kept']);
  });

  it('is found by an identity of a provider, and by no part of one', async () => {
    const account = registered();
    const { userId } = account;
    await recorded.happened(
      at,
      account,
      new AccountIdentityLinked({ userId, provider: 'google', subject: '1082' }),
      new AccountIdentityLinked({ userId, provider: 'google', subject: '{"1083"}, \\' }),
    );
    const found = (identity: string) =>
      recorded.rows.query('select id from auth.accounts where external_identities @> array[$1]', [identity]);
    expect(await found('google:1082')).toEqual([{ id: userId }]);
    expect(await found('google:{"1083"}, \\')).toEqual([{ id: userId }]);
    expect(await found('google:108')).toEqual([]);
  });

  it('keeps the links that are good with its row', async () => {
    const account = registered();
    const { userId, email, username } = account;
    const [first, second] = [randomUUID(), randomUUID()];
    for (const requestId of [first, second])
      await recorded.happened(
        at,
        ...(requestId === first ? [account] : []),
        new UserPasswordResetRequested({ userId, email, username, requestId, expiresAt: '2026-03-01T11:00:00.000Z' }),
      );
    const { outstanding, version } = await recorded.rows.one<{ outstanding: unknown; version: number }>(
      'select outstanding, version from auth.accounts where id = $1',
      [userId],
    );
    expect(outstanding).toMatchObject([{ request_id: first }, { request_id: second }]);
    expect(version).toBe(3);
  });

  it('takes its sessions and its password with it when it is deleted', async () => {
    const account = registered();
    const { userId } = account;
    await recorded.happened(at, account, new AccountCredentialsSet({ userId, passwordHash: '$argon2id$' }));
    await recorded.rows.query(
      `insert into auth.sessions (id, account_id, token_hash, seed, created_at, last_used_at, expires_at)
       values (gen_random_uuid(), $1, '\\x00', '\\x00', now(), now(), now())`,
      [userId],
    );
    await recorded.happened(at, new UserDeleted({ userId, emailHash: 'f3d1', deletedAt: at }));
    for (const [table, column] of [
      ['accounts', 'id'],
      ['credentials', 'id'],
      ['sessions', 'account_id'],
    ])
      expect(await recorded.rows.query(`select from auth.${table} where ${column} = $1`, [userId])).toEqual([]);
    expect(await recorded.rows.query('select ended_at from auth.account_endings where id = $1', [userId])).toEqual([
      { ended_at: new Date(at) },
    ]);
  });
});
