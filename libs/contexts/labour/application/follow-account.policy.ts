import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { policy, send } from '#kernel';

import { ForgetBirthingPerson, RefreshIdentity } from '../contract/index.js';

const name = 'labour.follow_account';

const refresh = ({ userId, username, name: fullName, firstName, lastName }: UserCreated | UserUpdated) => [
  send(new RefreshIdentity({ birthingPersonId: userId, username, name: fullName, firstName, lastName })),
];

/** One name for all: an event that cannot be handled holds back the later ones of its account. */
export const followAccount = [
  policy(name, UserCreated, { then: refresh }),
  policy(name, UserUpdated, { then: refresh }),
  policy(name, UserDeleted, { then: ({ userId }) => [send(new ForgetBirthingPerson({ birthingPersonId: userId }))] }),
];
