import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Cursors } from '#platform/http/cursors.js';

import { UserRegistered, UserSessionsEnded } from '../contract/index.js';
import { RecordedAccounts } from '../doubles/recorded-accounts.js';
import { SessionListPage, SessionQueries } from './session.queries.js';

let recorded: RecordedAccounts;
let queries: SessionQueries;
let userId: string;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
  queries = new SessionQueries(recorded.reading, new Cursors('a secret'));
});
afterAll(() => recorded.remove());

beforeEach(async () => {
  userId = await registered();
});

const hours = (n: number): Date => new Date(Date.now() + n * 60 * 60 * 1_000);

async function registered(): Promise<string> {
  const id = newId();
  const username = `ada_${id.slice(-12)}`;
  const email = `${username}@example.org`;
  const event = { userId: id, email, username, name: '', source: 'password', emailVerified: false };
  await recorded.happened(hours(-100).toISOString(), new UserRegistered(event));
  return id;
}

async function session(begun: Date, { expires = hours(10), revoked = null as Date | null } = {}): Promise<string> {
  const id = newId();
  await recorded.rows.query(
    `insert into auth.sessions (id, account_id, token_hash, seed, created_at, last_used_at, expires_at, revoked_at, address)
     values ($1, $2, 'a hash', 'a seed', $3, $3, $4, $5, '203.0.113.9')`,
    [id, userId, begun, expires, revoked],
  );
  return id;
}

const listed = async (page: Partial<SessionListPage> = {}, sid?: string): Promise<unknown[]> =>
  (await queries.list(new SessionListPage(page), { id: userId, roles: ['user'], sid })).items.map(({ id }) => id);

describe('The list of sessions', () => {
  it('shows your own that are not over, newest first', async () => {
    const [older, newer] = [await session(hours(-2)), await session(hours(-1))];
    await session(hours(-3), { expires: hours(-1) });
    await session(hours(-3), { revoked: hours(-1) });
    expect(await listed()).toEqual([newer, older]);
    expect(await listed({ sort: 'last_used_at' })).toEqual([older, newer]);
    userId = await registered();
    expect(await listed()).toEqual([]);
  });

  it('shows where each is, and which is the present one, and nothing secret', async () => {
    const [mine, other] = [await session(hours(-1)), await session(hours(-2))];
    const { items } = await queries.list(new SessionListPage({}), { id: userId, roles: ['user'], sid: mine });
    expect(items.map(({ id, is_current }) => [id, is_current])).toEqual([
      [mine, true],
      [other, false],
    ]);
    expect(items[0]).toEqual({
      id: mine,
      is_current: true,
      user_agent: null,
      address: '203.0.113.9',
      created_at: expect.any(Date),
      last_used_at: expect.any(Date),
      expires_at: expect.any(Date),
    });
  });

  it('shows none that ended with all others', async () => {
    await session(hours(-3));
    await recorded.happened(hours(-2).toISOString(), new UserSessionsEnded({ userId }));
    const after = await session(hours(-1));
    expect(await listed()).toEqual([after]);
  });

  it('counts what it has in all, whether or not the reader is in one', async () => {
    const mine = await session(hours(-1));
    await session(hours(-2));
    const page = new SessionListPage({ include: 'total', limit: 1 });
    expect(await queries.list(page, { id: userId, roles: ['user'] })).toMatchObject({ total: 2 });
    expect(await queries.list(page, { id: userId, roles: ['user'], sid: mine })).toMatchObject({ total: 2 });
  });
});
