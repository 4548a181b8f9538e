import { policy, send, type Consequence } from '#kernel';

import { EndSubscription, ShareSettingsForgotten, SubscriberForgotten } from '../contract/index.js';
import { SubscriptionLookup } from './ports.js';

const name = 'subscriptions.end_subscriptions';

const ending = (subscriptionIds: readonly string[]): readonly Consequence[] =>
  subscriptionIds.map((subscriptionId) => send(new EndSubscription({ subscriptionId })));

/** Follow the forgetting, each of one half, after which nobody begins to follow, or to be followed. */
export const endSubscriptions = [
  policy(name, SubscriberForgotten, {
    from: SubscriptionLookup,
    rows: (subscriptions, { subscriberId }) => subscriptions.of(subscriberId),
    then: (_, subscriptionIds) => ending(subscriptionIds),
  }),
  policy(name, ShareSettingsForgotten, {
    from: SubscriptionLookup,
    rows: (subscriptions, { birthingPersonId }) => subscriptions.of(birthingPersonId),
    then: (_, subscriptionIds) => ending(subscriptionIds),
  }),
];
