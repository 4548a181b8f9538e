import { describe, expect, it } from '@jest/globals';

import { allEvents, type Projection } from '#kernel';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  EmailTaken,
  rolesId,
  ServiceClientCreated,
  ServiceClientCredentialsSet,
  ServiceClientRevoked,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UsernameTaken,
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserRegistered,
  UserRoleGranted,
  UserRoleRevoked,
  UserSessionsEnded,
  UserVerificationRequested,
  UserVerified,
} from '../contract/index.js';
import { accountEndings } from './account-ending.projection.js';
import { accounts } from './account.projection.js';
import { credentials } from './credentials.projection.js';
import { accountEvents } from './passed-over.js';
import { roleGrants } from './role-grants.projection.js';
import { serviceClients } from './service-client.projection.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const other = '0196a1de-0000-7000-8000-00000000000b';
const sessionId = '0196a1de-0000-7000-8000-0000000000e1';
const requestId = '0196a1de-0000-7000-8000-0000000000f1';
const expiresAt = '2026-03-02T00:00:00.000Z';

const reached = { email: 'ada@example.org', username: 'ada_l' };
const registered = new UserRegistered({
  userId,
  ...reached,
  name: 'Ada Lovelace',
  source: 'password',
  emailVerified: false,
});
const credentialsSet = new AccountCredentialsSet({ userId, passwordHash: 'one' });
const linked = new AccountIdentityLinked({ userId, provider: 'google', subject: '1082' });
const renamed = new UserIdentityChanged({
  userId,
  email: 'ada@example.org',
  username: 'countess',
  name: 'Ada King',
  isVerified: false,
  changed: ['username', 'name'],
});
const moved = new UserIdentityChanged({ ...renamed, email: 'new@example.org', changed: ['email'] });
const verificationRequested = new UserVerificationRequested({ userId, ...reached, requestId, expiresAt });
const resetRequested = new UserPasswordResetRequested({ userId, ...reached, requestId, expiresAt });
const verified = new UserVerified({ userId, verifiedAt: '2026-03-01T00:00:03.000Z' });
const passwordChanged = new UserPasswordChanged({ userId, ...reached, keptSessionId: sessionId, method: 'change' });
const sessionsEnded = new UserSessionsEnded({ userId });
const deactivated = new UserDeactivated({ userId });
const activated = new UserActivated({ userId });
const deleted = new UserDeleted({ userId, emailHash: 'f3d1', deletedAt: '2026-03-01T00:00:09.000Z' });

/** The n-th event occurs in the n-th minute of March. */
const minute = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 0, n));

const rowOf =
  ({ fold }: Projection, at = minute) =>
  (...events: readonly object[]) =>
    events.reduce<ReturnType<typeof fold.apply>>(
      (row, event, index) => fold.apply(row, event, { version: index + 1, occurredAt: at(index + 1), actor: userId }),
      null,
    );

describe('The row of an account', () => {
  const row = rowOf(accounts);

  it('shows it as it was registered', () => {
    expect(row(registered)).toEqual({
      id: userId,
      email: 'ada@example.org',
      username: 'ada_l',
      name: 'Ada Lovelace',
      isActive: true,
      isVerified: false,
      externalIdentities: [],
      outstanding: [],
      sessionsValidFrom: null,
      sessionsValidFromVersion: null,
      keptSessionId: null,
      createdAt: minute(1),
      updatedAt: minute(1),
    });
  });

  it('shows its identity as it is now', () => {
    expect(row(registered, renamed)).toMatchObject({
      username: 'countess',
      name: 'Ada King',
      createdAt: minute(1),
      updatedAt: minute(2),
    });
    expect(row(registered, verified)).toMatchObject({ isVerified: true, updatedAt: minute(2) });
  });

  it('shows the identities that it was joined to', () => {
    expect(row(registered, linked, new AccountIdentityLinked({ ...linked, subject: '1083' }))).toMatchObject({
      externalIdentities: ['google:1082', 'google:1083'],
      updatedAt: minute(1),
    });
  });

  it('shows them no more once a reset was mailed to an address that nobody had proven', () => {
    const reset = new UserPasswordChanged({ userId, ...reached, method: 'reset' });
    expect(row(registered, verified, linked, moved, reset)).toMatchObject({ externalIdentities: [] });
    for (const events of [
      [linked, moved, passwordChanged],
      [linked, verified, reset],
    ])
      expect(row(registered, ...events)).toMatchObject({ externalIdentities: ['google:1082'] });
  });

  it('shows which links are good', () => {
    const reset = { request_id: requestId, purpose: 'password_reset', expires_at: expiresAt };
    const verification = { ...reset, purpose: 'email_verification' };
    const both = [registered, resetRequested, verificationRequested];
    expect(row(...both)).toMatchObject({ outstanding: [reset, verification], updatedAt: minute(1) });
    expect(row(...both, renamed)).toMatchObject({ outstanding: [reset, verification] });
    expect(row(...both, passwordChanged)).toMatchObject({ outstanding: [verification] });
    expect(row(...both, verified)).toMatchObject({ outstanding: [reset] });
    expect(row(...both, moved)).toMatchObject({ outstanding: [] });
    expect(row(...both, deactivated)).toMatchObject({ outstanding: [] });
  });

  it('shows from when on sessions are good, and the one that is kept', () => {
    expect(row(registered, passwordChanged)).toMatchObject({
      sessionsValidFrom: minute(2),
      sessionsValidFromVersion: 2,
      keptSessionId: sessionId,
    });
    expect(row(registered, passwordChanged, sessionsEnded)).toMatchObject({
      sessionsValidFrom: minute(3),
      keptSessionId: null,
    });
    expect(row(registered, passwordChanged, deactivated, activated)).toMatchObject({
      isActive: true,
      sessionsValidFrom: minute(3),
      sessionsValidFromVersion: 3,
      keptSessionId: null,
      updatedAt: minute(4),
    });
  });

  it('never holds what proves a password', () => {
    expect(row(registered, credentialsSet)).toEqual(row(registered));
  });

  it('is not there once it was deleted', () => {
    expect(row(registered, deleted)).toBeNull();
  });

  it('bears what is forgotten', () => {
    const forgotten = [
      new UserRegistered({ ...registered, email: '', username: '', name: '' }),
      new AccountIdentityLinked({ ...linked, subject: '' }),
      new UserIdentityChanged({ ...renamed, email: '', username: '', name: '' }),
    ];
    expect(row(...forgotten)).toMatchObject({ email: '', username: '', name: '' });
    expect(row(...forgotten, deleted)).toBeNull();
  });

  it('takes an e-mail address or a user name that is there already for a conflict', () => {
    expect(accounts.unique.accounts_email?.()).toEqual(new EmailTaken());
    expect(accounts.unique.accounts_username?.()).toEqual(new UsernameTaken());
  });
});

describe('Each row of an account', () => {
  it.each([accounts, credentials, accountEndings])('follows its version through all events: $name', ({ fold }) => {
    const all = allEvents().filter(({ streamField }) => streamField === 'userId');
    expect(new Set(fold.types)).toEqual(new Set(all.map(({ type }) => type)));
    expect(new Set(accountEvents)).toEqual(new Set(fold.types));
    expect(fold.types).toHaveLength(new Set(fold.types).size);
  });
});

describe('The row of credentials', () => {
  const row = rowOf(credentials);

  it('holds the last hash, through all that happens besides', () => {
    const next = new AccountCredentialsSet({ userId, passwordHash: 'two' });
    expect(row(registered, credentialsSet, verified)).toEqual({ id: userId, passwordHash: 'one' });
    expect(row(registered, credentialsSet, next, passwordChanged, deactivated)).toEqual({
      id: userId,
      passwordHash: 'two',
    });
  });

  it('is not there without a password, nor after the end', () => {
    expect(row(registered, linked, verified)).toBeNull();
    expect(row(registered, credentialsSet, deleted)).toBeNull();
  });
});

describe('The row of an ending', () => {
  const row = rowOf(accountEndings);

  it('is there while the account is deactivated, and ever after it was deleted', () => {
    expect(row(registered, renamed)).toBeNull();
    expect(row(registered, deactivated, renamed)).toEqual({ id: userId, endedAt: minute(2) });
    expect(row(registered, deactivated, activated)).toBeNull();
    expect(row(registered, deactivated, deleted)).toEqual({ id: userId, endedAt: minute(3) });
  });
});

describe('The row of granted roles', () => {
  const row = rowOf(roleGrants);
  const granted = (to: string, role: 'analyst' | 'admin'): UserRoleGranted =>
    new UserRoleGranted({ rolesId, userId: to, role });
  const revoked = (from: string, role: 'analyst' | 'admin'): UserRoleRevoked =>
    new UserRoleRevoked({ rolesId, userId: from, role });

  it('shows who holds which, and nobody without one', () => {
    expect(row(granted(userId, 'admin'), granted(other, 'analyst'), granted(userId, 'analyst'))).toEqual({
      id: rolesId,
      grants: { [userId]: ['admin', 'analyst'], [other]: ['analyst'] },
      revokedAt: {},
    });
    expect(row(granted(userId, 'admin'), granted(other, 'analyst'), revoked(other, 'analyst'))).toMatchObject({
      grants: { [userId]: ['admin'] },
      revokedAt: { [other]: minute(3).toISOString() },
    });
  });

  it('forgets a revocation after a day: its command may have had to wait', () => {
    const hour = (n: number): Date => minute(60 * n);
    const after = (events: number) =>
      rowOf(roleGrants, hour)(
        granted(userId, 'admin'),
        granted(other, 'analyst'),
        revoked(other, 'analyst'),
        ...Array.from({ length: events }, (_, n) => (n % 2 === 0 ? granted : revoked)(userId, 'analyst')),
      );
    expect(after(23)).toMatchObject({ revokedAt: { [other]: hour(3).toISOString() } });
    expect(after(24)).toMatchObject({ revokedAt: { [userId]: hour(27).toISOString() } });
    expect(after(24)).not.toHaveProperty(['revokedAt', other]);
  });
});

describe('The row of a service client', () => {
  const row = rowOf(serviceClients);
  const created = new ServiceClientCreated({ clientId: userId, name: 'Web shop', roles: ['service'] });
  const secretSet = new ServiceClientCredentialsSet({ clientId: userId, secretHash: 'hash' });

  it('holds what proves its secret until it is revoked', () => {
    expect(row(created, secretSet)).toEqual({
      id: userId,
      name: 'Web shop',
      roles: ['service'],
      secretHash: 'hash',
      createdAt: minute(1),
      revokedAt: null,
    });
    expect(row(created, secretSet, new ServiceClientRevoked({ clientId: userId }))).toMatchObject({
      secretHash: null,
      revokedAt: minute(3),
    });
  });
});
