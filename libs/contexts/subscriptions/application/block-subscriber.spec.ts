import { describe, it } from '@jest/globals';

import { BlockSubscriber } from '../contract/index.js';
import { SubscriberIsBlocked, SubscriptionNotFound } from '../domain/errors.js';
import { ada, happened, kay, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new BlockSubscriber({ subscriptionId, birthingPersonId: ada });

describe('Blocking a subscriber', () => {
  it('ends that they follow, for good', () =>
    subscriptionsScenario().given(happened.subscribed()).when(command).then(happened.unsubscribed(), happened.blocked));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { status: 'blocked' }));

  it('is rejected in another status', () =>
    subscriptionsScenario()
      .given(happened.requested, happened.blocked)
      .when(command)
      .thenRejected(SubscriberIsBlocked));

  it('is rejected to anyone but the birthing person, as if there were no subscription', async () => {
    await subscriptionsScenario()
      .given(happened.subscribed())
      .when(new BlockSubscriber({ subscriptionId, birthingPersonId: kay }))
      .thenRejected(SubscriptionNotFound);
    await subscriptionsScenario().when(command).thenRejected(SubscriptionNotFound);
  });
});
