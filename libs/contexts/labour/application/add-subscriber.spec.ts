import { describe, it } from '@jest/globals';

import { AddSubscriber, SubscriberRecorded } from '../contract/index.js';
import { ada, followedBy, grace, happened, labourScenario, subscriptionId } from '../doubles/labour-scenario.js';

const ids = { birthingPersonId: ada, subscriptionId, subscriberId: grace };
const add = new AddSubscriber({ ...ids, role: 'loved_one', version: 1 });

describe('One who follows', () => {
  it('is known', () => labourScenario().given(happened.registered).when(add).then(followedBy(grace, 'loved_one')));

  it('is added once', () =>
    labourScenario().given(happened.registered, followedBy(grace, 'loved_one')).when(add).thenNothing());

  it('is added before the person has registered, whichever comes first', () =>
    labourScenario().when(add).then(followedBy(grace, 'loved_one')));

  it('stays removed if the removal came first', () => {
    const removed = { ...ids, subscribed: false, subscribedVersion: 2, role: 'loved_one', roleVersion: 0 } as const;
    return labourScenario()
      .given(happened.registered, new SubscriberRecorded(removed))
      .when(add)
      .then(new SubscriberRecorded({ ...removed, roleVersion: 1 }));
  });

  it('is not kept after the account was deleted', () =>
    labourScenario().given(happened.forgotten).when(add).thenNothing());
});
