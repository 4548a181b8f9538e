import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { policy, send, type Consequence } from '#kernel';

import { ForgetShareSettings, ForgetSubscriber, RefreshIdentity } from '../contract/index.js';

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
    then: ({ userId }) => [
      send(new ForgetSubscriber({ subscriberId: userId }), 'subscriber'),
      send(new ForgetShareSettings({ birthingPersonId: userId }), 'share_settings'),
    ],
  }),
];
