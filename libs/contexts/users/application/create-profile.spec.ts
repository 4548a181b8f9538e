import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import { CreateProfile, ProfileChanged, UserCreated } from '../contract/index.js';
import { createProfile, happened, identity, userId, usersScenario } from '../doubles/users-scenario.js';
import { ProfileRow } from '../read-models/profile.entity.js';

const reached = { firstName: 'Ada', phoneNumber: '+441632960961' };

describe('Creating a profile', () => {
  it('tells who has come', () => usersScenario().when(createProfile).then(happened.created));

  it('keeps what was told at registration, and tells how its user is reached', () =>
    usersScenario()
      .when(new CreateProfile({ ...createProfile, ...reached }))
      .then(new UserCreated({ ...happened.created, ...reached }), new ProfileChanged({ userId, ...reached })));

  it('knows whose e-mail address was verified elsewhere', () =>
    usersScenario()
      .when(new CreateProfile({ ...createProfile, isVerified: true }))
      .then(new UserCreated({ userId, ...identity, isActive: true, isVerified: true })));

  it('is shown at once, with nothing where nothing was told', () =>
    usersScenario().when(createProfile).thenRow(ProfileRow, userId, {
      version: 1,
      email: 'ada@example.org',
      username: 'ada_l',
      name: 'Ada L.',
      isActive: true,
      isVerified: false,
      firstName: null,
      lastName: null,
      bio: null,
      avatarUrl: null,
      phoneNumber: null,
    }));

  it('happens once', () => usersScenario().given(happened.created).when(createProfile).thenNothing());

  it('does not bring back who was forgotten', () =>
    usersScenario().given(happened.created, happened.forgotten).when(createProfile).thenRejected(AlreadyExists));
});
