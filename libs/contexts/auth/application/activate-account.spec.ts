import { describe, it } from '@jest/globals';

import { ActivateAccount, AdminOnly, UserNotFound } from '../contract/index.js';
import { admin, authScenario, happened, userId } from '../doubles/auth-scenario.js';
import { AccountEndingRow } from '../read-models/account-ending.entity.js';
import { AccountRow } from '../read-models/account.entity.js';

const activate = new ActivateAccount({ userId });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');

describe('Activating an account', () => {
  it('tells so', () =>
    byAdmin().given(happened.registered, happened.deactivated).when(activate).then(happened.activated));

  it('lets it be used again, though sessions from before stay over', () =>
    byAdmin()
      .given(happened.registered, happened.deactivated)
      .when(activate)
      .thenRow(AccountRow, userId, { isActive: true, sessionsValidFrom: new Date('2026-03-01T09:00:00.000Z') }));

  it('takes it off the accounts that have ended', () =>
    byAdmin().given(happened.registered, happened.deactivated).when(activate).thenRow(AccountEndingRow, userId, null));

  it('that is active changes nothing', () => byAdmin().given(happened.registered).when(activate).thenNothing());

  it('is rejected where there is none', async () => {
    await byAdmin().when(activate).thenRejected(UserNotFound);
    await byAdmin().given(happened.registered, happened.deleted).when(activate).thenRejected(UserNotFound);
  });

  it('is for administrators, and tells nobody else whether it is there', async () => {
    await authScenario().given(happened.registered, happened.deactivated).when(activate).thenRejected(AdminOnly);
    await authScenario().when(activate).thenRejected(AdminOnly);
  });
});
