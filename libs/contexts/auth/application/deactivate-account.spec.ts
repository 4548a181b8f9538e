import { describe, it } from '@jest/globals';

import { AdminRoleHeld, DeactivateAccount, LastAdmin, UserNotFound } from '../contract/index.js';
import { admin, authScenario, granted, happened, now, revoked, stranger, userId } from '../doubles/auth-scenario.js';
import { AccountEndingRow } from '../read-models/account-ending.entity.js';
import { AccountRow } from '../read-models/account.entity.js';

const deactivate = new DeactivateAccount({ userId });

describe('Deactivating an account', () => {
  it('tells so', () => authScenario().given(happened.registered).when(deactivate).then(happened.deactivated));

  it('ends all sessions and voids all links', () =>
    authScenario()
      .given(happened.registered, happened.resetRequested)
      .when(deactivate)
      .thenRow(AccountRow, userId, {
        isActive: false,
        sessionsValidFrom: new Date(now),
        keptSessionId: null,
        outstanding: [],
        version: 3,
      }));

  it('puts it among the accounts that have ended', () =>
    authScenario()
      .given(happened.registered)
      .when(deactivate)
      .thenRow(AccountEndingRow, userId, { endedAt: new Date(now) }));

  it('again changes nothing', () =>
    authScenario().given(happened.registered, happened.deactivated).when(deactivate).thenNothing());

  it('is granted to administrators', () =>
    authScenario().given(happened.registered).by(admin, 'user', 'admin').when(deactivate).then(happened.deactivated));

  it('is rejected to anyone else, as if there were no user', () =>
    authScenario().given(happened.registered).by(stranger, 'user').when(deactivate).thenRejected(UserNotFound));

  it('is rejected for the only administrator', () =>
    authScenario()
      .given(happened.registered, granted(userId, 'admin'), granted(stranger, 'analyst'))
      .when(deactivate)
      .thenRejected(LastAdmin));

  it('is rejected for one of several administrators until the role is revoked', async () => {
    const admins = [happened.registered, granted(userId, 'admin'), granted(admin, 'admin')];
    await authScenario()
      .given(...admins)
      .when(deactivate)
      .thenRejected(AdminRoleHeld);
    await authScenario()
      .given(...admins, revoked(userId, 'admin'))
      .when(deactivate)
      .then(happened.deactivated);
  });

  it('does not tell a stranger who is an administrator', () =>
    authScenario()
      .given(happened.registered, granted(userId, 'admin'))
      .by(stranger, 'user')
      .when(deactivate)
      .thenRejected(UserNotFound));
});
