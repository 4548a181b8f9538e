import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import {
  UserDeactivated,
  UserDeleted,
  UserPasswordChanged,
  UserRegistered,
  UserSessionsEnded,
} from '../../contract/index.js';
import { RecordedAccounts } from '../../doubles/recorded-accounts.js';
import { LoginQueries, type LoginAccount } from '../../read-models/login.queries.js';
import { RefreshTokens } from './refresh-tokens.js';
import { Sessions, type OpenSession } from './sessions.js';

const keys = 'one:a secret of at least thirty-two characters';
const second = 1_000;
const day = 24 * 60 * 60 * second;
const registeredAt = '2026-03-01T09:00:00.000Z';

let recorded: RecordedAccounts;
let now: Date;
let sessions: Sessions;
let account: LoginAccount;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
});
afterAll(() => recorded.remove());

beforeEach(async () => {
  now = new Date('2026-03-01T10:00:00.000Z');
  sessions = new Sessions(recorded.database, new RefreshTokens(keys), () => now);
  account = await registered();
});

const pass = (milliseconds: number): void => {
  now = new Date(now.getTime() + milliseconds);
};

const look = async (id: string): Promise<LoginAccount> =>
  (await new LoginQueries(recorded.reading).byId(id)) as LoginAccount;

async function registered(): Promise<LoginAccount> {
  const userId = newId();
  const name = `ada_${userId.slice(-12)}`;
  const email = `${name}@example.org`;
  await recorded.happened(
    registeredAt,
    new UserRegistered({ userId, email, username: name, name: '', source: 'password', emailVerified: false }),
  );
  return look(userId);
}

/** Where the account's mail goes, and whom it greets. */
const reached = () => ({ email: account.email, username: account.username });

const happened = (...events: readonly object[]): Promise<void> => recorded.happened(now.toISOString(), ...events);

async function open(holder = account): Promise<OpenSession> {
  const session = await sessions.open(holder, { userAgent: 'a browser', address: '203.0.113.9' });
  if (!session) throw new Error('no session was opened');
  return session;
}

async function refresh(token: string): Promise<OpenSession> {
  const refreshed = await sessions.refresh(token);
  if ('refusal' in refreshed) throw new Error(`the token was refused as ${refreshed.refusal}`);
  return refreshed.session;
}

const refusalOf = async (token: string): Promise<string | undefined> => {
  const refreshed = await sessions.refresh(token);
  return 'refusal' in refreshed ? refreshed.refusal : undefined;
};

describe('A session', () => {
  it('begins with a token that is good for seven days', async () => {
    const { refreshToken, expiresAt } = await open();
    expect(expiresAt).toEqual(new Date(now.getTime() + 7 * day));
    pass(7 * day - 1);
    expect(await refusalOf(refreshToken)).toBeUndefined();
  });

  it('is over when its token was not used for seven days', async () => {
    const { refreshToken } = await open();
    pass(7 * day);
    expect(await refusalOf(refreshToken)).toBe('expired');
  });

  it('goes on for as long as its token is used', async () => {
    const { id, refreshToken } = await open();
    let token = refreshToken;
    for (let n = 1; n <= 4; n++) {
      pass(6 * day);
      const next = await refresh(token);
      expect(next).toMatchObject({ id, generation: n, accountId: account.id });
      expect(next.refreshToken).not.toBe(token);
      token = next.refreshToken;
    }
  });

  it('stores no token, in whatever form could be used', async () => {
    const { id, refreshToken } = await open();
    const stored = await recorded.rows.one<{ row: string }>(
      'select session::text as row from auth.sessions as session where id = $1',
      [id],
    );
    const bytes = Buffer.from(refreshToken, 'base64url');
    for (const text of [refreshToken, bytes.toString('hex'), bytes.subarray(20).toString('hex')])
      expect(stored.row).not.toContain(text);
  });

  it('remembers where it was opened, in two hundred characters', async () => {
    const session = await sessions.open(account, { userAgent: `${'x'.repeat(199)}\u{1F40E}`, address: '2001:db8::1' });
    const row = await recorded.rows.one(
      'select user_agent, host(address) as address from auth.sessions where id = $1',
      [session?.id],
    );
    expect(row).toEqual({ user_agent: `${'x'.repeat(199)}\uFFFD`, address: '2001:db8::1' });
  });
});

describe('A refresh token', () => {
  it('gives one successor to all who ask at the same time', async () => {
    const { id, refreshToken } = await open();
    const answers = await Promise.all(Array.from({ length: 50 }, () => sessions.refresh(refreshToken)));
    const given = answers.map((answer) => ('refusal' in answer ? answer.refusal : answer.session.refreshToken));
    expect(new Set(given).size).toBe(1);
    expect(answers.filter((answer) => 'rotated' in answer && answer.rotated)).toHaveLength(1);
    expect(await refresh(given[0] as string)).toMatchObject({ id, generation: 2 });
  });

  it('gives the same successor again within 10 seconds, for its answer may have been lost', async () => {
    const { refreshToken } = await open();
    const next = await refresh(refreshToken);
    pass(10 * second);
    expect((await refresh(refreshToken)).refreshToken).toBe(next.refreshToken);
  });

  it('gives the same successor again although the keys were rotated in between', async () => {
    const { refreshToken } = await open();
    const next = await refresh(refreshToken);
    const rotated = new RefreshTokens(`two:another secret of at least thirty-two characters,${keys}`);
    const restarted = new Sessions(recorded.database, rotated, () => now);
    expect(await restarted.refresh(refreshToken)).toMatchObject({ session: { refreshToken: next.refreshToken } });
    expect(await restarted.refresh(next.refreshToken)).toMatchObject({ session: { generation: 2 } });
  });

  it('ends the whole session when it is used later than that: somebody has stolen it', async () => {
    const { id, refreshToken } = await open();
    const next = await refresh(refreshToken);
    pass(10 * second + 1);
    expect(await sessions.refresh(refreshToken)).toEqual({
      refusal: 'reused',
      ended: { id, accountId: account.id },
    });
    expect(await refusalOf(next.refreshToken)).toBe('reused');
  });

  it('ends the whole session however long ago it was replaced', async () => {
    const first = (await open()).refreshToken;
    let token = first;
    for (let n = 0; n < 5; n++) token = (await refresh(token)).refreshToken;
    expect(await refusalOf(first)).toBe('reused');
    expect(await refusalOf(token)).toBe('reused');
  });

  it('of another session is not touched by that', async () => {
    const [stolen, other] = [await open(), await open()];
    await refresh(stolen.refreshToken);
    pass(11 * second);
    await sessions.refresh(stolen.refreshToken);
    expect(await refusalOf(other.refreshToken)).toBeUndefined();
  });

  it('that was never issued ends nothing', async () => {
    const { id, refreshToken } = await open();
    const bytes = Buffer.from(refreshToken, 'base64url');
    const forged = [0, 1, 7].map((generation) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32BE(generation, 16);
      copy.fill(0x41, 20);
      return copy.toString('base64url');
    });
    for (const token of [...forged, 'x', '']) expect(await refusalOf(token)).toBe('invalid');
    const unknown = new RefreshTokens(keys).issue({ id: newId(), seed: Buffer.alloc(32) }, 0);
    expect(await refusalOf(unknown)).toBe('invalid');
    expect(await refresh(refreshToken)).toMatchObject({ id });
  });
});

describe('The sessions of an account', () => {
  it('end one by one, each once, by their own account', async () => {
    const [one, other] = [await open(), await open()];
    expect(await sessions.end(one.id, newId(), 'logout')).toBe(false);
    expect(await sessions.end(one.id, account.id, 'logout')).toBe(true);
    expect(await sessions.end(one.id, account.id, 'logout')).toBe(false);
    expect(await refusalOf(one.refreshToken)).toBe('invalid');
    expect(await refusalOf(other.refreshToken)).toBeUndefined();
  });

  it('are over when all are ended, but for those that begin after that', async () => {
    const before = await open();
    pass(second);
    await happened(new UserSessionsEnded({ userId: account.id }));
    expect(await refusalOf(before.refreshToken)).toBe('invalid');
    const after = await open(await look(account.id));
    expect(await refusalOf(after.refreshToken)).toBeUndefined();
  });

  it('are over when the password is changed, but for the one that changed it', async () => {
    const [mine, other] = [await open(), await open()];
    pass(second);
    await happened(
      new UserPasswordChanged({ userId: account.id, ...reached(), keptSessionId: mine.id, method: 'change' }),
    );
    expect(await refusalOf(other.refreshToken)).toBe('invalid');
    expect(await refusalOf(mine.refreshToken)).toBeUndefined();
  });

  it('are not opened by whoever has shown the password of before', async () => {
    const seen = account;
    await happened(new UserPasswordChanged({ userId: account.id, ...reached(), method: 'reset' }));
    expect(await sessions.open(seen, {})).toBeUndefined();
    expect(await sessions.open(await look(account.id), {})).toBeDefined();
  });

  it.each([
    ['the password was reset', () => new UserPasswordChanged({ userId: account.id, ...reached(), method: 'reset' })],
    ['all sessions were ended', () => new UserSessionsEnded({ userId: account.id })],
  ])('are over, too, that began while it was on its way that %s', async (_, event) => {
    const accepted = now.toISOString();
    pass(5 * second);
    const { refreshToken } = await open();
    await recorded.happened(accepted, event());
    expect(await refusalOf(refreshToken)).toBe('invalid');
  });

  it('of an earlier release are told by their time alone', async () => {
    await happened(new UserSessionsEnded({ userId: account.id }));
    const { id, refreshToken } = await open(await look(account.id));
    const older = 'update auth.sessions set account_version = null where id = $1';
    await recorded.rows.query(older, [id]);
    expect(await refusalOf(refreshToken)).toBeUndefined();
    pass(second);
    await happened(new UserSessionsEnded({ userId: account.id }));
    expect(await refusalOf(refreshToken)).toBe('invalid');
  });

  it('begin behind the end of all others, even where a clock is slow', async () => {
    await recorded.happened('2026-03-01T10:00:03.000Z', new UserSessionsEnded({ userId: account.id }));
    const { refreshToken } = await open(await look(account.id));
    expect(await refusalOf(refreshToken)).toBeUndefined();
  });

  it('are over with the account', async () => {
    const { refreshToken } = await open();
    await happened(new UserDeactivated({ userId: account.id }));
    expect(await refusalOf(refreshToken)).toBe('invalid');
    expect(await sessions.open(await look(account.id), {})).toBeUndefined();
  });

  it('go with the account', async () => {
    const { id, refreshToken } = await open();
    const userId = account.id;
    await happened(new UserDeleted({ userId, emailHash: 'a hash', deletedAt: now.toISOString() }));
    expect(await refusalOf(refreshToken)).toBe('invalid');
    expect(await recorded.rows.query('select from auth.sessions where id = $1', [id])).toEqual([]);
    expect(await sessions.open(account, {})).toBeUndefined();
  });

  it('are forgotten a month after they expired', async () => {
    const { id } = await open();
    const there = async (): Promise<number> =>
      (await recorded.rows.query('select from auth.sessions where id = $1', [id])).length;
    pass(37 * day - 1);
    await sessions.sweep();
    expect(await there()).toBe(1);
    pass(2);
    await sessions.sweep();
    expect(await there()).toBe(0);
  });
});
