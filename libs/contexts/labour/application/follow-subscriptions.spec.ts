import { describe, it } from '@jest/globals';

import { SubscribedTo, SubscriberRoleUpdated, UnsubscribedFrom } from '#contexts/subscriptions/contract/index.js';
import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { AddSubscriber, RemoveSubscriber, SetSubscriberRole } from '../contract/index.js';
import { ada, doubles, grace, subscriptionId } from '../doubles/labour-scenario.js';
import { LabourWorkerModule } from '../labour.worker.module.js';

const story = () => policyStory(LabourWorkerModule, { doubles });

const ids = { subscriptionId, subscriberId: grace, birthingPersonId: ada };

describe('A birthing person hears', () => {
  it('who follows from now on', () =>
    story()
      .on(new SubscribedTo({ ...ids, role: 'loved_one', contactMethods: ['email'], version: 1 }))
      .then(send(new AddSubscriber({ ...ids, role: 'loved_one', version: 1 }))));

  it('who follows no more', () =>
    story()
      .on(new UnsubscribedFrom({ ...ids, role: 'loved_one', version: 2 }))
      .then(send(new RemoveSubscriber({ ...ids, version: 2 }))));

  it('what somebody who follows is by now', () =>
    story()
      .on(new SubscriberRoleUpdated({ ...ids, role: 'birth_partner', version: 3 }))
      .then(send(new SetSubscriberRole({ ...ids, role: 'birth_partner', version: 3 }))));
});
