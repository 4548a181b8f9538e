import {
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserRegistered,
  UserVerified,
} from '#contexts/auth/contract/index.js';
import { policy, send } from '#kernel';

import { CreateProfile, ForgetUser, RecordIdentity } from '../contract/index.js';

const name = 'users.follow_account';

/** One name for all: an event that cannot be handled holds back the later ones of its account. */
export const followAccount = [
  policy(name, UserRegistered, {
    then: ({ userId, email, username, name: fullName, emailVerified, firstName, lastName, phoneNumber }) => [
      send(
        new CreateProfile({
          userId,
          email,
          username,
          name: fullName,
          isVerified: emailVerified,
          firstName,
          lastName,
          phoneNumber,
        }),
      ),
    ],
  }),
  policy(name, UserIdentityChanged, {
    then: ({ userId, email, username, name: fullName, isVerified }) => [
      send(new RecordIdentity({ userId, email, username, name: fullName, isVerified })),
    ],
  }),
  policy(name, UserVerified, { then: ({ userId }) => [send(new RecordIdentity({ userId, isVerified: true }))] }),
  policy(name, UserActivated, { then: ({ userId }) => [send(new RecordIdentity({ userId, isActive: true }))] }),
  policy(name, UserDeactivated, { then: ({ userId }) => [send(new RecordIdentity({ userId, isActive: false }))] }),
  policy(name, UserDeleted, { then: ({ userId }) => [send(new ForgetUser({ userId }))] }),
];
