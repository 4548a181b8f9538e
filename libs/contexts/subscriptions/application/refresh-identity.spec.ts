import { describe, it } from '@jest/globals';

import { RefreshIdentity, SubscriberIdentityRefreshed } from '../contract/index.js';
import { grace, known, registered, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriberRow } from '../read-models/subscriber.entity.js';

const refresh = new RefreshIdentity({ ...known.grace });
const renamed = { subscriberId: grace, email: 'g@example.org', username: 'grace', name: 'Amazing Grace' };

describe('Refreshing who somebody is', () => {
  it('keeps what the account says, also of who is not registered', () =>
    subscriptionsScenario().when(refresh).then(known.grace));

  it('forgets what the account says no more', () =>
    subscriptionsScenario()
      .given(known.grace)
      .when(new RefreshIdentity(renamed))
      .then(new SubscriberIdentityRefreshed(renamed)));

  it('leaves alone how they want to be told', () =>
    subscriptionsScenario()
      .given(registered(grace, 'sms'))
      .when(new RefreshIdentity(renamed))
      .thenRow(SubscriberRow, grace, { contactMethods: ['sms'], email: 'g@example.org', firstName: null }));

  it('of what is known already changes nothing', () =>
    subscriptionsScenario().given(known.grace).when(refresh).thenNothing());

  it('does not bring back who was forgotten', () =>
    subscriptionsScenario().given(known.graceForgotten).when(refresh).thenNothing());
});
