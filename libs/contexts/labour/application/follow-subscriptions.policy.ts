import { SubscribedTo, SubscriberRoleUpdated, UnsubscribedFrom } from '#contexts/subscriptions/contract/index.js';
import { policy, send } from '#kernel';

import { AddSubscriber, RemoveSubscriber, SetSubscriberRole } from '../contract/index.js';

const name = 'labour.follow_subscriptions';

/** Whatever order they come in, the subscription's version tells which is the last word. */
export const followSubscriptions = [
  policy(name, SubscribedTo, {
    then: ({ birthingPersonId, subscriptionId, subscriberId, role, version }) => [
      send(new AddSubscriber({ birthingPersonId, subscriptionId, subscriberId, role, version })),
    ],
  }),
  policy(name, UnsubscribedFrom, {
    then: ({ birthingPersonId, subscriptionId, subscriberId, version }) => [
      send(new RemoveSubscriber({ birthingPersonId, subscriptionId, subscriberId, version })),
    ],
  }),
  policy(name, SubscriberRoleUpdated, {
    then: ({ birthingPersonId, subscriptionId, subscriberId, role, version }) => [
      send(new SetSubscriberRole({ birthingPersonId, subscriptionId, subscriberId, role, version })),
    ],
  }),
];
