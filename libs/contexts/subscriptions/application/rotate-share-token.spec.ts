import { describe, it } from '@jest/globals';

import { RotateShareToken } from '../contract/index.js';
import { BirthingPersonNotFound } from '../domain/errors.js';
import { ada, nextToken, sharing, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { ShareSettingsRow } from '../read-models/share-settings.entity.js';

const rotate = new RotateShareToken({ birthingPersonId: ada });
const shared = () => subscriptionsScenario().given(sharing.token, sharing.approval);

describe('Rotating the share token', () => {
  it('makes another one, and tells others no more than that', () =>
    shared().when(rotate).then(sharing.nextToken, sharing.rotated));

  it('is shown at once, and leaves the rest as it is', () =>
    shared().when(rotate).thenRow(ShareSettingsRow, ada, { version: 4, token: nextToken, approvalRequired: true }));

  it('is rejected where there is no birthing person, or none any more', async () => {
    await subscriptionsScenario().when(rotate).thenRejected(BirthingPersonNotFound);
    await shared().given(sharing.forgotten).when(rotate).thenRejected(BirthingPersonNotFound);
  });
});
