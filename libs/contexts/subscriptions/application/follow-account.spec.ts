import { describe, it } from '@jest/globals';

import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { send } from '#kernel';

import { ForgetShareSettings, ForgetSubscriber, RefreshIdentity } from '../contract/index.js';
import { grace, happened, now, subscriptionsPolicy } from '../doubles/subscriptions-scenario.js';

const identity = { email: 'grace@example.org', username: 'grace', name: 'Grace H.', firstName: 'Grace' };
const account = { userId: grace, ...identity, isActive: true, isVerified: true };
const refresh = send(new RefreshIdentity({ subscriberId: grace, ...identity }));

describe('A user', () => {
  it('is known here from the beginning', () => subscriptionsPolicy().on(new UserCreated(account)).then(refresh));

  it('is known here as the account is by now', () =>
    subscriptionsPolicy()
      .on(new UserUpdated({ ...account, changed: ['first_name'] }))
      .then(refresh));

  it('is forgotten with the account', () =>
    subscriptionsPolicy()
      .given(happened.subscribed())
      .on(new UserDeleted({ userId: grace, emailHash: 'f3d1c1e8a5', deletedAt: now }))
      .then(
        send(new ForgetSubscriber({ subscriberId: grace }), 'subscriber'),
        send(new ForgetShareSettings({ birthingPersonId: grace }), 'share_settings'),
      ));
});
