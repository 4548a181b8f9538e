import { describe, it } from '@jest/globals';

import { ApproveSubscriber } from '../contract/index.js';
import { NotRequested, SubscriptionNotFound } from '../domain/errors.js';
import { ada, happened, kay, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new ApproveSubscriber({ subscriptionId, birthingPersonId: ada });

describe('Approving a subscriber', () => {
  it('lets them follow who asked to', () =>
    subscriptionsScenario().given(happened.requested).when(command).then(happened.approved, happened.subscribed(3)));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.requested)
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { status: 'subscribed' }));

  it('is rejected in another status', () =>
    subscriptionsScenario()
      .given(happened.subscribed(), happened.unsubscribed())
      .when(command)
      .thenRejected(NotRequested));

  it('is rejected to anyone but the birthing person, as if there were no subscription', async () => {
    await subscriptionsScenario()
      .given(happened.requested)
      .when(new ApproveSubscriber({ subscriptionId, birthingPersonId: kay }))
      .thenRejected(SubscriptionNotFound);
    await subscriptionsScenario().when(command).thenRejected(SubscriptionNotFound);
  });
});
