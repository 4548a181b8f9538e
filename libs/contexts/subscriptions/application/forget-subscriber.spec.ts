import { describe, it } from '@jest/globals';

import { ForgetSubscriber } from '../contract/index.js';
import { grace, known, registered, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriberRow } from '../read-models/subscriber.entity.js';

const forget = new ForgetSubscriber({ subscriberId: grace });

describe('Forgetting a subscriber', () => {
  it('is recorded, also of whom nothing was known yet: what comes late shall change nothing', async () => {
    await subscriptionsScenario().given(known.grace).when(forget).then(known.graceForgotten);
    await subscriptionsScenario().when(forget).then(known.graceForgotten);
  });

  it('leaves nothing to read but that it is so', () =>
    subscriptionsScenario().given(known.grace, registered(grace, 'email')).when(forget).thenRow(SubscriberRow, grace, {
      email: '',
      username: '',
      name: '',
      firstName: null,
      lastName: null,
      phoneNumber: null,
      registeredAt: null,
      contactMethods: [],
    }));

  it('happens once', () => subscriptionsScenario().given(known.graceForgotten).when(forget).thenNothing());
});
