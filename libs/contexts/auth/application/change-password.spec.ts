import { describe, it } from '@jest/globals';

import {
  AccountCredentialsSet,
  ChangePassword,
  CurrentPasswordIncorrect,
  UserNotFound,
  UserPasswordChanged,
  UserSessionsEnded,
} from '../contract/index.js';
import {
  admin,
  authScenario,
  happened,
  now,
  otherHash,
  reached,
  sessionId,
  stranger,
  userId,
} from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';
import { CredentialsRow } from '../read-models/credentials.entity.js';

const change = new ChangePassword({ userId, passwordHash: otherHash, keptSessionId: sessionId });
const credentialsSet = new AccountCredentialsSet({ userId, passwordHash: otherHash });
const past = [happened.registered, happened.credentialsSet];

describe('Changing a password', () => {
  it('tells that it was changed, and not what to', () =>
    authScenario()
      .given(...past)
      .when(change)
      .then(
        credentialsSet,
        new UserPasswordChanged({ userId, ...reached, keptSessionId: sessionId, method: 'change' }),
      ));

  it('holds at once', () =>
    authScenario()
      .given(...past)
      .when(change)
      .thenRow(CredentialsRow, userId, { passwordHash: otherHash, version: 4 }));

  it('ends all sessions but the one that is kept', () =>
    authScenario()
      .given(...past)
      .when(change)
      .thenRow(AccountRow, userId, { sessionsValidFrom: new Date(now), keptSessionId: sessionId, version: 4 }));

  it('ends every session where none is kept', () =>
    authScenario()
      .given(...past, new UserPasswordChanged({ userId, ...reached, keptSessionId: sessionId, method: 'change' }))
      .when(new ChangePassword({ userId, passwordHash: otherHash }))
      .thenRow(AccountRow, userId, { sessionsValidFrom: new Date(now), keptSessionId: null }));

  it('is rejected once another password was set after the present one was proven', () =>
    authScenario()
      .given(...past, credentialsSet, new UserPasswordChanged({ userId, ...reached, method: 'reset' }))
      .when(new ChangePassword({ ...change, provenVersion: 2 }))
      .thenRejected(CurrentPasswordIncorrect));

  it('is not kept back by what else came in between', () =>
    authScenario()
      .given(...past, happened.verified)
      .when(new ChangePassword({ ...change, provenVersion: 2 }))
      .thenRow(AccountRow, userId, { keptSessionId: sessionId }));

  it.each([
    ['ended', [new UserSessionsEnded({ userId })]],
    ['ended by a deactivation', [happened.deactivated, happened.activated]],
  ])('brings no session back that was %s after the present one was proven', (_, events) =>
    authScenario()
      .given(...past, ...events)
      .when(new ChangePassword({ ...change, provenVersion: 2 }))
      .thenRow(AccountRow, userId, { keptSessionId: null }),
  );

  it('voids the links to reset it', () =>
    authScenario()
      .given(...past, happened.resetRequested)
      .when(change)
      .thenRow(AccountRow, userId, { outstanding: [] }));

  it('gives a password to an account that had none', () =>
    authScenario()
      .given(happened.registered, happened.identityLinked)
      .when(change)
      .thenRow(CredentialsRow, userId, { passwordHash: otherHash }));

  it('is for its owner alone', async () => {
    for (const [by, role] of [
      [stranger, 'user'],
      [admin, 'admin'],
    ] as const)
      await authScenario()
        .given(...past)
        .by(by, role)
        .when(change)
        .thenRejected(UserNotFound);
  });

  it('is rejected for an account that is deactivated or not there', async () => {
    await authScenario()
      .given(...past, happened.deactivated)
      .when(change)
      .thenRejected(UserNotFound);
    await authScenario().when(change).thenRejected(UserNotFound);
  });
});
