import { describe, it } from '@jest/globals';

import { UpdateSubscriberRole } from '../contract/index.js';
import { NotSubscribed, RoleUnchanged, SubscriptionNotFound } from '../domain/errors.js';
import { ada, grace, happened, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new UpdateSubscriberRole({ subscriptionId, birthingPersonId: ada, role: 'birth_partner' });

describe('Giving a subscriber a role', () => {
  it('tells which', () => subscriptionsScenario().given(happened.subscribed()).when(command).then(happened.partner()));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { version: 2, role: 'birth_partner' }));

  it('is rejected where they have it, or do not follow', async () => {
    await subscriptionsScenario()
      .given(happened.subscribed(), happened.partner())
      .when(command)
      .thenRejected(RoleUnchanged);
    await subscriptionsScenario().given(happened.requested).when(command).thenRejected(NotSubscribed);
  });

  it('is rejected to anyone but the birthing person, as if there were no subscription', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(new UpdateSubscriberRole({ subscriptionId, birthingPersonId: grace, role: 'birth_partner' }))
      .thenRejected(SubscriptionNotFound));
});
