import { describe, it } from '@jest/globals';

import {
  AccountCredentialsSet,
  ResetPassword,
  ResetTokenInvalid,
  UserIdentityChanged,
  UserPasswordChanged,
} from '../contract/index.js';
import {
  authScenario,
  happened,
  later,
  now,
  otherHash,
  reached,
  requestId,
  stranger,
  userId,
} from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const reset = new ResetPassword({ userId, requestId, passwordHash: otherHash });
const past = [happened.registered, happened.credentialsSet, happened.resetRequested];
const passwordChanged = new UserPasswordChanged({ userId, ...reached, method: 'reset' });

describe('Resetting a password', () => {
  it('tells that it was changed, and not what to', () =>
    authScenario()
      .by('anonymous')
      .given(...past)
      .when(reset)
      .then(new AccountCredentialsSet({ userId, passwordHash: otherHash }), passwordChanged));

  it('ends all sessions and voids all links', () =>
    authScenario()
      .given(...past)
      .when(reset)
      .thenRow(AccountRow, userId, { outstanding: [], sessionsValidFrom: new Date(now), keptSessionId: null }));

  it('happens once for a link', () =>
    authScenario()
      .given(...past, passwordChanged)
      .when(reset)
      .thenRejected(ResetTokenInvalid));

  it('is rejected once the link has expired', async () => {
    await authScenario()
      .given(...past)
      .at(later)
      .when(reset)
      .thenRejected(ResetTokenInvalid);
    await authScenario()
      .given(...past)
      .at('2026-03-01T10:59:59.999Z')
      .when(reset)
      .thenRow(AccountRow, userId, { outstanding: [] });
  });

  it('is rejected for a link that was not asked for, or for something else', async () => {
    await authScenario()
      .given(...past)
      .when(new ResetPassword({ ...reset, requestId: stranger }))
      .thenRejected(ResetTokenInvalid);
    await authScenario()
      .given(happened.registered, happened.verificationRequested)
      .when(reset)
      .thenRejected(ResetTokenInvalid);
  });

  it('is rejected once the e-mail address has changed', () =>
    authScenario()
      .given(
        ...past,
        new UserIdentityChanged({
          userId,
          email: 'new@example.org',
          username: 'ada_l',
          name: '',
          isVerified: false,
          changed: ['email'],
        }),
      )
      .when(reset)
      .thenRejected(ResetTokenInvalid));

  it('tells nobody that an account is deactivated, deleted or never was', async () => {
    for (const end of [happened.deactivated, happened.deleted])
      await authScenario()
        .given(...past, end)
        .when(reset)
        .thenRejected(ResetTokenInvalid);
    await authScenario().when(reset).thenRejected(ResetTokenInvalid);
  });
});
