import { describe, it } from '@jest/globals';

import { AlreadyVerified, RequestEmailVerification, UserNotFound } from '../contract/index.js';
import { admin, authScenario, happened, later, requestId, stranger, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const request = new RequestEmailVerification({ userId, requestId, expiresAt: later });

describe('Asking for a link to verify an e-mail address', () => {
  it('tells which, and until when it is good', () =>
    authScenario().given(happened.registered).when(request).then(happened.verificationRequested));

  it('makes it good', () =>
    authScenario()
      .given(happened.registered)
      .when(request)
      .thenRow(AccountRow, userId, {
        outstanding: [{ request_id: requestId, purpose: 'email_verification', expires_at: later }],
        version: 2,
      }));

  it('is rejected when the address is verified', () =>
    authScenario().given(happened.registered, happened.verified).when(request).thenRejected(AlreadyVerified));

  it('is for the owner alone', async () => {
    const given = authScenario().given(happened.registered, happened.verified);
    await given.by(stranger, 'user').when(request).thenRejected(UserNotFound);
    await given.by(admin, 'admin').when(request).thenRejected(UserNotFound);
  });
});
