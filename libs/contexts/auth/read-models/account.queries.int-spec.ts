import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Cursors } from '#platform/http/cursors.js';
import type { Paged } from '#platform/http/page.js';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  externalIdentity,
  rolesId,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserRegistered,
  UserRoleGranted,
  UserVerified,
} from '../contract/index.js';
import { RecordedAccounts } from '../doubles/recorded-accounts.js';
import type { AccountView } from './account-views.js';
import { AccountListPage, AccountQueries } from './account.queries.js';
import { LoginQueries } from './login.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA';

let recorded: RecordedAccounts;
let accounts: AccountQueries;
let logins: LoginQueries;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
  accounts = new AccountQueries(recorded.reading, new Cursors('a secret'));
  logins = new LoginQueries(recorded.reading);
});
afterAll(() => recorded.remove());

const reader = (id: string, ...roles: readonly string[]): AuthenticatedUser => ({ id, roles: ['user', ...roles] });
const admin = reader(newId(), 'admin');

async function registered(fields: Partial<UserRegistered> = {}, when = at): Promise<UserRegistered> {
  const userId = newId();
  const username = `ada_${userId.slice(-12)}`;
  const event = new UserRegistered({
    userId,
    email: `${username}@example.org`,
    username,
    name: 'Ada Lovelace',
    source: 'password',
    emailVerified: false,
    ...fields,
  });
  await recorded.happened(when, event);
  return event;
}

const deleted = (userId: string): UserDeleted => new UserDeleted({ userId, emailHash: 'a hash', deletedAt: at });
const analyst = (userId: string): UserRoleGranted => new UserRoleGranted({ rolesId, userId, role: 'analyst' });

describe('One account', () => {
  it('is shown to its holder', async () => {
    const { userId, email, username } = await registered();
    expect(await accounts.byId(userId, reader(userId))).toEqual({
      id: userId,
      version: 1,
      email,
      username,
      name: 'Ada Lovelace',
      is_active: true,
      is_verified: false,
      roles: ['user'],
      created_at: new Date(at),
      updated_at: new Date(at),
    });
  });

  it('is shown to administrators, and does not exist for anybody else', async () => {
    const { userId } = await registered();
    expect(await accounts.byId(userId, admin)).toMatchObject({ id: userId });
    expect(await accounts.byId(userId, reader(newId(), 'analyst'))).toBeUndefined();
  });

  it('has the version of all that happened to it', async () => {
    const { userId, email, username } = await registered();
    const changed = { userId, email, username, name: 'Ada King', isVerified: false, changed: ['name'] };
    await recorded.happened(at, new AccountCredentialsSet({ userId, passwordHash }), new UserIdentityChanged(changed));
    expect(await accounts.byId(userId, reader(userId))).toMatchObject({ version: 3, name: 'Ada King' });
  });

  it('shows what was granted', async () => {
    const { userId } = await registered();
    await recorded.happened(at, analyst(userId));
    expect(await accounts.byId(userId, admin)).toMatchObject({ roles: ['user', 'analyst'] });
    expect(await accounts.me(userId)).toMatchObject({ id: userId, roles: ['user', 'analyst'] });
  });

  it('is shown to its holder in short, without a version', async () => {
    const { userId, email, username } = await registered();
    expect(await accounts.me(userId)).toEqual({
      id: userId,
      name: 'Ada Lovelace',
      email,
      username,
      is_active: true,
      is_verified: false,
      roles: ['user'],
    });
  });

  it('is not shown any more once it was deleted', async () => {
    const { userId } = await registered();
    await recorded.happened(at, deleted(userId));
    expect(await accounts.byId(userId, admin)).toBeUndefined();
    expect(await accounts.me(userId)).toBeUndefined();
  });
});

describe('The list of accounts', () => {
  const tag = newId().slice(-12);
  let ids: Readonly<Record<'zoe' | 'bob' | 'cem', string>>;

  beforeAll(async () => {
    const named = (username: string, email: string, when: string): Promise<UserRegistered> =>
      registered({ username: `${username}${tag}`.slice(0, 20), email, name: `100 % ${username}` }, when);
    const zoe = await named('Zoe', `a.${tag}@example.org`, '2026-03-01T10:00:01Z');
    const bob = await named('bob', `c.${tag}@example.org`, '2026-03-01T10:00:02Z');
    const cem = await named('Cem', `b.${tag}@example.org`, '2026-03-01T10:00:03Z');
    await recorded.happened(at, new UserVerified({ userId: bob.userId, verifiedAt: at }));
    await recorded.happened(at, new UserDeactivated({ userId: cem.userId }));
    ids = { zoe: zoe.userId, bob: bob.userId, cem: cem.userId };
  });

  async function listed(page: Partial<AccountListPage>): Promise<string[]> {
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const next: Partial<AccountListPage> = { q: tag, ...page, cursor };
      const part: Paged<Wire<AccountView>> = await accounts.list(new AccountListPage(next));
      read.push(...part.items.map(({ id }) => id));
      cursor = part.next_cursor ?? undefined;
    } while (cursor);
    return read.map((id) => Object.entries(ids).find(([, known]) => known === id)?.[0] ?? id);
  }

  it.each([
    [undefined, ['cem', 'bob', 'zoe']],
    ['created_at', ['zoe', 'bob', 'cem']],
    ['email', ['zoe', 'cem', 'bob']],
    ['-email', ['bob', 'cem', 'zoe']],
    ['username', ['bob', 'cem', 'zoe']],
    ['-username', ['zoe', 'cem', 'bob']],
  ])('is sorted by %s, page by page', async (sort, expected) => {
    expect(await listed({ sort })).toEqual(expected);
    expect(await listed({ sort, limit: 1 })).toEqual(expected);
  });

  it('is filtered by whether they are active and verified', async () => {
    expect(await listed({ isActive: false })).toEqual(['cem']);
    expect(await listed({ isActive: true, sort: 'email' })).toEqual(['zoe', 'bob']);
    expect(await listed({ isVerified: true })).toEqual(['bob']);
    expect(await listed({ isVerified: false, isActive: false })).toEqual(['cem']);
  });

  it('is searched in names and addresses, in capitals or not, and for nothing but the text itself', async () => {
    expect(await listed({ q: `B.${tag.toUpperCase()}@EXAMPLE` })).toEqual(['cem']);
    expect(await listed({ q: `ZOE${tag}`.slice(0, 12) })).toEqual(['zoe']);
    expect(await listed({ q: '100 % ZOE' })).toEqual(['zoe']);
    expect(await listed({ q: `%${tag}` })).toEqual([]);
  });

  it('counts what it has in all', async () => {
    const page: Partial<AccountListPage> = { q: tag, include: 'total', limit: 1 };
    expect(await accounts.list(new AccountListPage(page))).toMatchObject({ total: 3 });
  });
});

describe('The account of somebody who signs in', () => {
  it('is found by the address and by the user name, in capitals or not', async () => {
    const { userId, email, username } = await registered();
    for (const found of [
      await logins.byId(userId),
      await logins.byEmail(` ${email.toUpperCase()} `),
      await logins.byUsername(` ${username.toUpperCase()} `),
    ])
      expect(found).toMatchObject({ id: userId });
  });

  it('is not found by the one in the place of the other', async () => {
    const { email, username } = await registered();
    expect(await logins.byEmail(username)).toBeUndefined();
    expect(await logins.byUsername(email)).toBeUndefined();
  });

  it('comes with all that has to be known of it', async () => {
    const { userId, email, username } = await registered();
    await recorded.happened(at, new AccountCredentialsSet({ userId, passwordHash }), analyst(userId));
    expect(await logins.byId(userId)).toEqual({
      id: userId,
      version: 2,
      email,
      username,
      isActive: true,
      isVerified: false,
      sessionsValidFrom: null,
      passwordHash,
      roles: ['user', 'analyst'],
    });
  });

  it('has no password where it signs in by a provider, and is found by that', async () => {
    const { userId } = await registered({ source: 'google' });
    const subject = newId();
    await recorded.happened(at, new AccountIdentityLinked({ userId, provider: 'google', subject }));
    const found = await logins.byIdentity(externalIdentity('google', subject));
    expect(found).toMatchObject({ id: userId, passwordHash: null });
    expect(await logins.byIdentity(externalIdentity('other', subject))).toBeUndefined();
  });

  it('is not found any more once it was deleted', async () => {
    const { userId, email } = await registered();
    await recorded.happened(at, deleted(userId));
    expect(await logins.byEmail(email)).toBeUndefined();
  });
});
