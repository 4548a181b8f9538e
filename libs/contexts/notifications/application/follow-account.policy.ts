import { UserDeleted, UserRegistered } from '#contexts/auth/contract/index.js';
import { UserUpdated } from '#contexts/users/contract/index.js';
import { policy, send } from '#kernel';

import { ForgetRecipient, RecordContact } from '../contract/index.js';

const name = 'notifications.follow_account';

/** One name for all: an event that cannot be handled holds back the later ones of its account. */
export const followAccount = [
  policy(name, UserRegistered, {
    then: ({ userId, email, username, name: fullName, firstName, lastName, phoneNumber }) => [
      send(new RecordContact({ userId, email, username, name: fullName, firstName, lastName, phoneNumber })),
    ],
  }),
  policy(name, UserUpdated, {
    then: ({ userId, email, username, name: fullName, firstName = null, lastName = null, phoneNumber = null }) => [
      send(new RecordContact({ userId, email, username, name: fullName, firstName, lastName, phoneNumber })),
    ],
  }),
  policy(name, UserDeleted, { then: ({ userId }) => [send(new ForgetRecipient({ userId }))] }),
];
