import { describe, it } from '@jest/globals';

import { AlreadyVerified, UserIdentityChanged, VerificationTokenInvalid, VerifyEmail } from '../contract/index.js';
import { authScenario, happened, later, requestId, stranger, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const verify = new VerifyEmail({ userId, requestId });
const past = [happened.registered, happened.verificationRequested];

describe('Verifying an e-mail address', () => {
  it('tells when', () =>
    authScenario()
      .by('anonymous')
      .given(...past)
      .when(verify)
      .then(happened.verified));

  it('is shown at once, and voids the links for it', () =>
    authScenario()
      .given(...past)
      .when(verify)
      .thenRow(AccountRow, userId, { isVerified: true, outstanding: [], version: 3 }));

  it('happens once', () =>
    authScenario()
      .given(...past, happened.verified)
      .when(verify)
      .thenRejected(AlreadyVerified));

  it('is rejected once the link has expired', () =>
    authScenario()
      .given(...past)
      .at(later)
      .when(verify)
      .thenRejected(VerificationTokenInvalid));

  it('is rejected for a link that was not asked for, or for something else', async () => {
    await authScenario()
      .given(...past)
      .when(new VerifyEmail({ userId, requestId: stranger }))
      .thenRejected(VerificationTokenInvalid);
    await authScenario()
      .given(happened.registered, happened.resetRequested)
      .when(verify)
      .thenRejected(VerificationTokenInvalid);
  });

  it('is rejected for a link that went to another address', () =>
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
      .when(verify)
      .thenRejected(VerificationTokenInvalid));

  it('tells nobody that an account is deactivated, deleted or never was', async () => {
    for (const end of [happened.deactivated, happened.deleted])
      await authScenario()
        .given(...past, end)
        .when(verify)
        .thenRejected(VerificationTokenInvalid);
    await authScenario().when(verify).thenRejected(VerificationTokenInvalid);
  });
});
