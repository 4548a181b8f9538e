import { describe, it } from '@jest/globals';

import {
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserRegistered,
  UserVerified,
} from '#contexts/auth/contract/index.js';
import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { CreateProfile, ForgetUser, RecordIdentity } from '../contract/index.js';
import { identity, userId } from '../doubles/users-scenario.js';
import { UsersWorkerModule } from '../users.worker.module.js';

const story = () => policyStory(UsersWorkerModule);

const at = '2026-03-01T10:00:00.000Z';
const { email, username, name } = identity;

describe('A user', () => {
  it('has a profile from the registration on', () => {
    const details = { userId, email, username, name };
    const more = { firstName: 'Ada', lastName: 'Lovelace', phoneNumber: '+441632960961' };
    return story()
      .on(new UserRegistered({ ...details, ...more, source: 'google', emailVerified: true }))
      .then(send(new CreateProfile({ ...details, ...more, isVerified: true })));
  });

  it('has a profile, however little was told at the registration', () =>
    story()
      .on(new UserRegistered({ userId, email, username, name: '', source: 'password', emailVerified: false }))
      .then(send(new CreateProfile({ userId, email, username, name: '', isVerified: false }))));

  it('is known by the name and the address that the account has', () =>
    story()
      .on(new UserIdentityChanged({ userId, email, username, name, isVerified: false, changed: ['email'] }))
      .then(send(new RecordIdentity({ userId, email, username, name, isVerified: false }))));

  it.each([
    ['verified', new UserVerified({ userId, verifiedAt: at }), { isVerified: true }],
    ['activated', new UserActivated({ userId }), { isActive: true }],
    ['deactivated', new UserDeactivated({ userId }), { isActive: false }],
  ])('is known to be %s when the account is', (_, event, known) =>
    story()
      .on(event)
      .then(send(new RecordIdentity({ userId, ...known }))),
  );

  it('is forgotten with the account', () =>
    story()
      .on(new UserDeleted({ userId, emailHash: 'f3d1c1e8a5', deletedAt: at }))
      .then(send(new ForgetUser({ userId }))));

  it('has a profile even if nothing of the registration can be read any more, until the deletion comes', () =>
    story()
      .on(new UserRegistered({ userId, email: '', username: '', name: '', source: 'password', emailVerified: false }))
      .then(send(new CreateProfile({ userId, email: '', username: '', name: '', isVerified: false }))));
});
