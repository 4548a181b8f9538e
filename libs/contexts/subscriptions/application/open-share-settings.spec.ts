import { describe, it } from '@jest/globals';

import { BirthingPersonRegistered } from '#contexts/labour/contract/index.js';
import { send } from '#kernel';

import { OpenShareSettings } from '../contract/index.js';
import { ada, sharing, subscriptionsPolicy, subscriptionsScenario, token } from '../doubles/subscriptions-scenario.js';
import { ShareSettingsRow } from '../read-models/share-settings.entity.js';

const open = new OpenShareSettings({ birthingPersonId: ada });

describe('A birthing person', () => {
  it('may be followed from the registration on', () =>
    subscriptionsPolicy()
      .on(new BirthingPersonRegistered({ birthingPersonId: ada }))
      .then(send(open)));
});

describe('Opening share settings', () => {
  it('makes a token that nobody has yet, and asks for no approval', () =>
    subscriptionsScenario().when(open).then(sharing.token, sharing.open));

  it('is shown at once', () =>
    subscriptionsScenario().when(open).thenRow(ShareSettingsRow, ada, { version: 2, token, approvalRequired: false }));

  it('happens once, and not after the person was forgotten', async () => {
    await subscriptionsScenario().given(sharing.token, sharing.approval).when(open).thenNothing();
    await subscriptionsScenario().given(sharing.forgotten).when(open).thenNothing();
  });
});
