import { describe, it } from '@jest/globals';

import { UnblockSubscriber } from '../contract/index.js';
import { NotBlocked, SubscriptionNotFound } from '../domain/errors.js';
import { ada, happened, kay, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new UnblockSubscriber({ subscriptionId, birthingPersonId: ada });

describe('Unblocking a subscriber', () => {
  it('lets them begin again', () =>
    subscriptionsScenario().given(happened.requested, happened.blocked).when(command).then(happened.unblocked));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.requested, happened.blocked)
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { status: 'removed' }));

  it('is rejected in another status', () =>
    subscriptionsScenario().given(happened.requested).when(command).thenRejected(NotBlocked));

  it('is rejected to anyone but the birthing person, as if there were no subscription', async () => {
    await subscriptionsScenario()
      .given(happened.requested, happened.blocked)
      .when(new UnblockSubscriber({ subscriptionId, birthingPersonId: kay }))
      .thenRejected(SubscriptionNotFound);
    await subscriptionsScenario().when(command).thenRejected(SubscriptionNotFound);
  });
});
