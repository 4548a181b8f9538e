import { describe, it } from '@jest/globals';

import { RequestPasswordReset, UserNotFound, UserPasswordResetRequested } from '../contract/index.js';
import { authScenario, happened, later, requestId, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const request = new RequestPasswordReset({ userId, requestId, expiresAt: later });

describe('Asking for a link to reset a password', () => {
  it('tells which, and until when it is good', () =>
    authScenario().by('anonymous').given(happened.registered).when(request).then(happened.resetRequested));

  it('tells the time in UTC', () =>
    authScenario()
      .given(happened.registered)
      .when(new RequestPasswordReset({ ...request, expiresAt: '2026-03-01T13:00:00+02:00' }))
      .then(happened.resetRequested));

  it('makes it good beside those from before', () => {
    const earlier = new UserPasswordResetRequested({ ...happened.resetRequested, requestId: userId });
    return authScenario()
      .given(happened.registered, earlier)
      .when(request)
      .thenRow(AccountRow, userId, {
        outstanding: [
          { request_id: userId, purpose: 'password_reset', expires_at: later },
          { request_id: requestId, purpose: 'password_reset', expires_at: later },
        ],
        version: 3,
      });
  });

  it('is rejected for an account that is deactivated or not there', async () => {
    await authScenario().given(happened.registered, happened.deactivated).when(request).thenRejected(UserNotFound);
    await authScenario().when(request).thenRejected(UserNotFound);
  });
});
