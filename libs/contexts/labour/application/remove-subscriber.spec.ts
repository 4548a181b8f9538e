import { describe, it } from '@jest/globals';

import { RemoveSubscriber, SubscriberRecorded } from '../contract/index.js';
import { ada, followedBy, grace, happened, labourScenario, subscriptionId } from '../doubles/labour-scenario.js';

const ids = { birthingPersonId: ada, subscriptionId, subscriberId: grace };
const remove = (version: number) => new RemoveSubscriber({ ...ids, version });
const known = followedBy(grace, 'loved_one');

describe('One who follows no more', () => {
  it('is removed', () =>
    labourScenario()
      .given(happened.registered, known)
      .when(remove(2))
      .then(new SubscriberRecorded({ ...known, subscribed: false, subscribedVersion: 2 })));

  it('is remembered, though never heard of', () =>
    labourScenario()
      .given(happened.registered)
      .when(remove(2))
      .then(
        new SubscriberRecorded({
          ...ids,
          subscribed: false,
          subscribedVersion: 2,
          role: 'loved_one',
          roleVersion: 0,
        }),
      ));

  it('stays if the news is older than what is known', () =>
    labourScenario()
      .given(happened.registered, new SubscriberRecorded({ ...known, subscribedVersion: 3 }))
      .when(remove(2))
      .thenNothing());
});
