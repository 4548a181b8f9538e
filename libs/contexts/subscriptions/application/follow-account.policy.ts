import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { policy, send, type Consequence } from '#kernel';

import { EndSubscription, ForgetShareSettings, ForgetSubscriber, RefreshIdentity } from '../contract/index.js';
import { SubscriptionLookup } from './ports.js';

const name = 'subscriptions.follow_account';

const refresh = ({
  userId,
  email,
  username,
  name: fullName,
  firstName,
  lastName,
  phoneNumber,
}: UserCreated | UserUpdated): Consequence =>
  send(
    new RefreshIdentity({ subscriberId: userId, email, username, name: fullName, firstName, lastName, phoneNumber }),
  );

/** What identity says of somebody, in this context's own words. */
export const followAccount = [
  policy(name, UserCreated, { then: (created) => [refresh(created)] }),
  policy(name, UserUpdated, { then: (updated) => [refresh(updated)] }),
  policy(name, UserDeleted, {
    from: SubscriptionLookup,
    rows: (subscriptions, { userId }) => subscriptions.of(userId),
    then: ({ userId }, subscriptionIds) => [
      send(new ForgetSubscriber({ subscriberId: userId }), 'subscriber'),
      send(new ForgetShareSettings({ birthingPersonId: userId }), 'share_settings'),
      ...subscriptionIds.map((subscriptionId) => send(new EndSubscription({ subscriptionId }))),
    ],
  }),
];
