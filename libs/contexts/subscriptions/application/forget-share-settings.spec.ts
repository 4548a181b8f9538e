import { describe, it } from '@jest/globals';

import { ForgetShareSettings } from '../contract/index.js';
import { ada, sharing, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { ShareSettingsRow } from '../read-models/share-settings.entity.js';

const forget = new ForgetShareSettings({ birthingPersonId: ada });

describe('Forgetting who may follow somebody', () => {
  it('is recorded, also of who was no birthing person: what comes late shall change nothing', async () => {
    await subscriptionsScenario().given(sharing.token, sharing.open).when(forget).then(sharing.forgotten);
    await subscriptionsScenario().when(forget).then(sharing.forgotten);
  });

  it('leaves no token to read', () =>
    subscriptionsScenario()
      .given(sharing.token, sharing.open)
      .when(forget)
      .thenRow(ShareSettingsRow, ada, { token: '' }));

  it('happens once', () => subscriptionsScenario().given(sharing.forgotten).when(forget).thenNothing());
});
