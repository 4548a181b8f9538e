import { describe, it } from '@jest/globals';

import { EndSubscription } from '../contract/index.js';
import { happened, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const end = new EndSubscription({ subscriptionId });

describe('Ending a subscription', () => {
  it('tells it of who followed', () =>
    subscriptionsScenario().given(happened.subscribed()).when(end).then(happened.unsubscribed(), happened.ended));

  it('tells others nothing of who did not', () =>
    subscriptionsScenario().given(happened.requested).when(end).then(happened.ended));

  it('leaves nothing to read', () =>
    subscriptionsScenario().given(happened.subscribed()).when(end).thenRow(SubscriptionRow, subscriptionId, null));

  it('changes nothing where there is none, or none any more', async () => {
    await subscriptionsScenario().when(end).thenNothing();
    await subscriptionsScenario().given(happened.requested, happened.ended).when(end).thenNothing();
  });
});
