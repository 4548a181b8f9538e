import { describe, it } from '@jest/globals';

import { SetApprovalRequired } from '../contract/index.js';
import { BirthingPersonNotFound } from '../domain/errors.js';
import { ada, sharing, subscriptionsScenario, token } from '../doubles/subscriptions-scenario.js';
import { ShareSettingsRow } from '../read-models/share-settings.entity.js';

const ask = new SetApprovalRequired({ birthingPersonId: ada, approvalRequired: true });
const shared = () => subscriptionsScenario().given(sharing.token, sharing.open);

describe('Wanting to be asked', () => {
  it('is told', () => shared().when(ask).then(sharing.approval));

  it('is shown at once, and leaves the token as it is', () =>
    shared().when(ask).thenRow(ShareSettingsRow, ada, { version: 3, token, approvalRequired: true }));

  it('already changes nothing', () => shared().given(sharing.approval).when(ask).thenNothing());

  it('is rejected where there is no birthing person, or none any more', async () => {
    await subscriptionsScenario().when(ask).thenRejected(BirthingPersonNotFound);
    await shared().given(sharing.forgotten).when(ask).thenRejected(BirthingPersonNotFound);
  });
});
