import { describe, it } from '@jest/globals';

import { RemoveSubscriber } from '../contract/index.js';
import { AlreadyRemoved, SubscriptionNotFound } from '../domain/errors.js';
import { ada, happened, kay, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new RemoveSubscriber({ subscriptionId, birthingPersonId: ada });

describe('Removing a subscriber', () => {
  it('ends that they follow', () =>
    subscriptionsScenario().given(happened.subscribed()).when(command).then(happened.unsubscribed(), happened.removed));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { status: 'removed' }));

  it('is rejected in another status', () =>
    subscriptionsScenario().given(happened.requested, happened.removed).when(command).thenRejected(AlreadyRemoved));

  it('is rejected to anyone but the birthing person, as if there were no subscription', async () => {
    await subscriptionsScenario()
      .given(happened.subscribed())
      .when(new RemoveSubscriber({ subscriptionId, birthingPersonId: kay }))
      .thenRejected(SubscriptionNotFound);
    await subscriptionsScenario().when(command).thenRejected(SubscriptionNotFound);
  });
});
