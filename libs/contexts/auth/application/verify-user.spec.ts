import { describe, it } from '@jest/globals';

import { AdminOnly, UserNotFound, VerifyUser } from '../contract/index.js';
import { admin, authScenario, happened, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const verify = new VerifyUser({ userId });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');

describe('Vouching for a user', () => {
  it('tells when', () => byAdmin().given(happened.registered).when(verify).then(happened.verified));

  it('is shown at once', () =>
    byAdmin()
      .given(happened.registered, happened.verificationRequested)
      .when(verify)
      .thenRow(AccountRow, userId, { isVerified: true, outstanding: [], version: 3 }));

  it('who is verified changes nothing', () =>
    byAdmin().given(happened.registered, happened.verified).when(verify).thenNothing());

  it('is rejected where there is none', () => byAdmin().when(verify).thenRejected(UserNotFound));

  it('is for administrators, and tells nobody else who is there', async () => {
    await authScenario().given(happened.registered).when(verify).thenRejected(AdminOnly);
    await authScenario().when(verify).thenRejected(AdminOnly);
  });
});
