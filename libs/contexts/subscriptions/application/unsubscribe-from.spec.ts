import { describe, it } from '@jest/globals';

import { UnsubscribeFrom } from '../contract/index.js';
import { NotSubscribed } from '../domain/errors.js';
import { grace, happened, kay, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const unsubscribe = new UnsubscribeFrom({ subscriptionId, subscriberId: grace });

describe('Unsubscribing', () => {
  it('tells that somebody follows no more', () =>
    subscriptionsScenario().given(happened.subscribed()).when(unsubscribe).then(happened.unsubscribed()));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(unsubscribe)
      .thenRow(SubscriptionRow, subscriptionId, { version: 2, status: 'unsubscribed' }));

  it('is rejected where nobody follows', async () => {
    await subscriptionsScenario().when(unsubscribe).thenRejected(NotSubscribed);
    await subscriptionsScenario().given(happened.requested).when(unsubscribe).thenRejected(NotSubscribed);
  });

  it('is rejected to anyone else', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(new UnsubscribeFrom({ subscriptionId, subscriberId: kay }))
      .thenRejected(NotSubscribed));
});
