import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import {
  rolesId,
  ServiceClientCreated,
  ServiceClientRevoked,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserPasswordChanged,
  UserRegistered,
  UserRoleGranted,
  UserRoleRevoked,
  UserSessionsEnded,
} from '../../contract/index.js';
import { RecordedAccounts } from '../../doubles/recorded-accounts.js';
import { LoginQueries } from '../../read-models/login.queries.js';
import { PolledRevocations } from './polled-revocations.js';
import { RefreshTokens } from './refresh-tokens.js';
import { Sessions, type SessionHolder } from './sessions.js';

const minute = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * minute).toISOString();

let recorded: RecordedAccounts;
let sessions: Sessions;
let revocations: PolledRevocations;
let userId: string;
let now: Date;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
  sessions = new Sessions(
    recorded.database,
    new RefreshTokens('one:a secret of at least thirty-two characters'),
    () => now,
  );
});
afterAll(() => recorded.remove());

beforeEach(async () => {
  now = new Date(Date.now() - 5 * minute);
  revocations = new PolledRevocations(recorded.database);
  userId = newId();
  const name = `ada_${userId.slice(-12)}`;
  await recorded.happened(
    ago(60),
    new UserRegistered({
      userId,
      email: `${name}@example.org`,
      username: name,
      name: '',
      source: 'password',
      emailVerified: false,
    }),
  );
});

async function session(): Promise<string> {
  const holder = (await new LoginQueries(recorded.reading).byId(userId)) as SessionHolder;
  return ((await sessions.open(holder, {})) as { id: string }).id;
}

/** Whether a token of that session is revoked, as the next look shows. */
async function revoked(sid: string | undefined, roles: readonly string[] = ['user'], id = userId): Promise<boolean> {
  await revocations.look();
  return revocations.isRevoked({ id, sid, roles, iat: 0 });
}

describe('An access token', () => {
  it('is good while its session is', async () => {
    expect(await revoked(await session())).toBe(false);
    expect(await revoked(undefined)).toBe(false);
  });

  it('is revoked with its session, and no other with it', async () => {
    const [ended, other] = [await session(), await session()];
    await sessions.end(ended, userId, 'logout');
    expect(await revoked(ended)).toBe(true);
    expect(await revoked(other)).toBe(false);
  });

  it('is revoked at once where its session was ended', async () => {
    const sid = await session();
    revocations.ended(sid);
    expect(revocations.isRevoked({ id: userId, sid, roles: [], iat: 0 })).toBe(true);
  });

  it('is revoked when all sessions were ended after it began', async () => {
    const before = await session();
    await recorded.happened(ago(4), new UserSessionsEnded({ userId }));
    expect(await revoked(before)).toBe(true);
    now = new Date(Date.now() - 3 * minute);
    expect(await revoked(await session())).toBe(false);
  });

  it('is revoked in a session, too, that began while the end of all was on its way', async () => {
    now = new Date(Date.now() - 3 * minute);
    const late = await session();
    await recorded.happened(ago(4), new UserSessionsEnded({ userId }));
    expect(await revoked(late)).toBe(true);
  });

  it('is spared in the session that changed the password', async () => {
    const [mine, other] = [await session(), await session()];
    await recorded.happened(
      ago(4),
      new UserPasswordChanged({
        userId,
        email: 'ada@example.org',
        username: 'ada',
        keptSessionId: mine,
        method: 'change',
      }),
    );
    expect(await revoked(mine)).toBe(false);
    expect(await revoked(other)).toBe(true);
  });

  it('is revoked when the account is deactivated, and stays so when it is activated again', async () => {
    const before = await session();
    await recorded.happened(ago(4), new UserDeactivated({ userId }));
    expect(await revoked(before)).toBe(true);
    expect(await revoked(undefined)).toBe(true);
    await recorded.happened(ago(3), new UserActivated({ userId }));
    expect(await revoked(before)).toBe(true);
    now = new Date(Date.now() - 2 * minute);
    expect(await revoked(await session())).toBe(false);
  });

  it('is good in a new session at once when the account is active again, seen or not', async () => {
    await recorded.happened(ago(4), new UserDeactivated({ userId }));
    expect(await revoked(undefined)).toBe(true);
    await recorded.happened(ago(3), new UserActivated({ userId }));
    now = new Date(Date.now() - 2 * minute);
    expect(revocations.isRevoked({ id: userId, sid: await session(), roles: [], iat: 0 })).toBe(false);
  });

  it('is revoked in a session, too, that began while the deactivation was on its way', async () => {
    now = new Date(Date.now() - 3 * minute);
    const late = await session();
    await recorded.happened(ago(4), new UserDeactivated({ userId }));
    expect(await revoked(late)).toBe(true);
  });

  it('is revoked when the account is deleted', async () => {
    const before = await session();
    await recorded.happened(ago(4), new UserDeleted({ userId, emailHash: 'a hash', deletedAt: ago(4) }));
    expect(await revoked(before)).toBe(true);
  });

  it('is revoked when it carries a role that was, whenever it was issued', async () => {
    const sid = await session();
    const [analyst, admin] = [
      { rolesId, userId, role: 'analyst' },
      { rolesId, userId, role: 'admin' },
    ] as const;
    await recorded.happened(ago(4), new UserRoleGranted(analyst), new UserRoleGranted(admin));
    expect(await revoked(sid, ['user', 'analyst', 'admin'])).toBe(false);
    await recorded.happened(ago(3), new UserRoleRevoked(admin));
    expect(await revoked(sid, ['user', 'analyst', 'admin'])).toBe(true);
    expect(await revoked(sid, ['user', 'analyst'])).toBe(false);
    expect(await revoked(sid, ['user', 'admin'], newId())).toBe(false);
    await recorded.happened(ago(2), new UserRoleGranted(admin));
    expect(await revoked(sid, ['user', 'analyst', 'admin'])).toBe(false);
  });

  it('is revoked with the service client', async () => {
    const clientId = newId();
    await recorded.happened(ago(4), new ServiceClientCreated({ clientId, name: 'Web shop', roles: ['service'] }));
    expect(await revoked(undefined, ['service'], clientId)).toBe(false);
    await recorded.happened(ago(3), new ServiceClientRevoked({ clientId }));
    expect(await revoked(undefined, ['service'], clientId)).toBe(true);
  });

  it('is not remembered any longer than it could be good', async () => {
    now = new Date(Date.now() - 120 * minute);
    const sid = await session();
    await recorded.happened(ago(110), new UserSessionsEnded({ userId }));
    expect(await revoked(sid)).toBe(false);
  });
});

describe('The list of revocations', () => {
  it('stands as it was while Postgres does not answer', async () => {
    const sid = await session();
    await sessions.end(sid, userId, 'logout');
    expect(await revoked(sid)).toBe(true);
    await recorded.rows.query('alter table auth.account_endings rename to account_endings_away');
    await expect(revocations.look()).rejects.toThrow('account_endings');
    await recorded.rows.query('alter table auth.account_endings_away rename to account_endings');
    expect(revocations.isRevoked({ id: userId, sid, roles: [], iat: 0 })).toBe(true);
  });
});
