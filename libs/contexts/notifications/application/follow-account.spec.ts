import { describe, it } from '@jest/globals';

import { UserDeleted, UserRegistered } from '#contexts/auth/contract/index.js';
import { UserUpdated } from '#contexts/users/contract/index.js';
import { send } from '#kernel';

import { ForgetRecipient, RecordContact } from '../contract/index.js';
import { email, notificationsPolicy, now, phoneNumber, userId } from '../doubles/notifications-scenario.js';

const identity = { email, username: 'ada_l', name: 'Ada L.' };
const states = { isActive: true, isVerified: true };

describe('What notifications know of an account', () => {
  it('is what its user said when they registered', () =>
    notificationsPolicy()
      .on(
        new UserRegistered({
          userId,
          ...identity,
          firstName: 'Ada',
          phoneNumber,
          source: 'password',
          emailVerified: false,
        }),
      )
      .then(send(new RecordContact({ userId, ...identity, firstName: 'Ada', phoneNumber }))));

  it('follows its changes', () =>
    notificationsPolicy()
      .on(new UserUpdated({ userId, ...identity, ...states, firstName: 'Ada', changed: ['phone_number'] }))
      .then(send(new RecordContact({ userId, ...identity, firstName: 'Ada', lastName: null, phoneNumber: null }))));

  it('ends with it', () =>
    notificationsPolicy()
      .on(new UserDeleted({ userId, emailHash: 'f3d1c1e8a5', deletedAt: now }))
      .then(send(new ForgetRecipient({ userId }))));
});
