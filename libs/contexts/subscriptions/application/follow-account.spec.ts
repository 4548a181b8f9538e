import { describe, it } from '@jest/globals';

import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { send } from '#kernel';

import {
  EndSubscription,
  ForgetShareSettings,
  ForgetSubscriber,
  RefreshIdentity,
  SubscribedTo,
  subscriptionIdOf,
} from '../contract/index.js';
import {
  ada,
  grace,
  happened,
  kay,
  now,
  subscriptionId,
  subscriptionsPolicy,
} from '../doubles/subscriptions-scenario.js';

const identity = { email: 'grace@example.org', username: 'grace', name: 'Grace H.', firstName: 'Grace' };
const account = { userId: grace, ...identity, isActive: true, isVerified: true };
const refresh = send(new RefreshIdentity({ subscriberId: grace, ...identity }));
const toKay = { subscriptionId: subscriptionIdOf(grace, kay), subscriberId: grace, birthingPersonId: kay };

describe('A user', () => {
  it('is known here from the beginning', () => subscriptionsPolicy().on(new UserCreated(account)).then(refresh));

  it('is known here as the account is by now', () =>
    subscriptionsPolicy()
      .on(new UserUpdated({ ...account, changed: ['first_name'] }))
      .then(refresh));

  it('is forgotten with the account, and all subscriptions of both kinds end', () =>
    subscriptionsPolicy()
      .given(happened.subscribed(), new SubscribedTo({ ...toKay, role: 'loved_one', contactMethods: [], version: 1 }))
      .on(new UserDeleted({ userId: grace, emailHash: 'f3d1c1e8a5', deletedAt: now }))
      .then(
        send(new ForgetSubscriber({ subscriberId: grace }), 'subscriber'),
        send(new ForgetShareSettings({ birthingPersonId: grace }), 'share_settings'),
        ...[subscriptionId, toKay.subscriptionId]
          .toSorted()
          .map((id) => send(new EndSubscription({ subscriptionId: id }))),
      ));

  it('who is followed ends the subscriptions of others, and nobody else’s', () =>
    subscriptionsPolicy()
      .given(happened.subscribed(), new SubscribedTo({ ...toKay, role: 'loved_one', contactMethods: [], version: 1 }))
      .on(new UserDeleted({ userId: ada, emailHash: 'f3d1c1e8a5', deletedAt: now }))
      .then(
        send(new ForgetSubscriber({ subscriberId: ada }), 'subscriber'),
        send(new ForgetShareSettings({ birthingPersonId: ada }), 'share_settings'),
        send(new EndSubscription({ subscriptionId })),
      ));
});
