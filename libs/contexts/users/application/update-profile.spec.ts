import { describe, it } from '@jest/globals';

import { ProfileChanged, UpdateProfile, UserUpdated } from '../contract/index.js';
import { NothingToUpdate, UserNotFound } from '../domain/errors.js';
import { happened, identity, stranger, userId, usersScenario } from '../doubles/users-scenario.js';
import { ProfileRow } from '../read-models/profile.entity.js';

const update = (fields: Partial<UpdateProfile>): UpdateProfile => new UpdateProfile({ userId, ...fields });

describe('Updating a profile', () => {
  it('keeps what it says, and tells others no more than what it is about', () =>
    usersScenario()
      .given(happened.created, happened.named)
      .when(update({ lastName: 'King', bio: 'Writes notes on engines' }))
      .then(
        new ProfileChanged({ userId, firstName: 'Ada', lastName: 'King', bio: 'Writes notes on engines' }),
        new UserUpdated({
          userId,
          ...identity,
          firstName: 'Ada',
          lastName: 'King',
          isActive: true,
          changed: ['last_name', 'bio'],
        }),
      ));

  it('is shown at once, every field of it', () =>
    usersScenario()
      .given(happened.created)
      .when(
        update({
          firstName: 'Ada',
          lastName: 'King',
          bio: ' a\nb ',
          avatarUrl: 'https://example.org/ada.png',
          phoneNumber: '+441632960961',
        }),
      )
      .thenRow(ProfileRow, userId, {
        version: 3,
        firstName: 'Ada',
        lastName: 'King',
        bio: ' a\nb ',
        avatarUrl: 'https://example.org/ada.png',
        phoneNumber: '+441632960961',
        email: 'ada@example.org',
      }));

  it('clears what is null', () =>
    usersScenario()
      .given(happened.created, happened.named)
      .when(update({ firstName: null }))
      .thenRow(ProfileRow, userId, { firstName: null, lastName: 'Lovelace' }));

  it('to what it is already changes nothing', () =>
    usersScenario()
      .given(happened.created, happened.named)
      .when(update({ firstName: 'Ada', bio: null }))
      .thenNothing());

  it('needs a field to change', () =>
    usersScenario().given(happened.created).when(update({})).thenRejected(NothingToUpdate));

  it('is granted to administrators', () =>
    usersScenario()
      .given(happened.created)
      .by(stranger, 'user', 'admin')
      .when(update({ firstName: 'Ada' }))
      .thenRow(ProfileRow, userId, { firstName: 'Ada' }));

  it('is rejected to anyone else, as if there were no such user', () =>
    usersScenario()
      .given(happened.created)
      .by(stranger, 'user', 'analyst')
      .when(update({ firstName: 'Eve' }))
      .thenRejected(UserNotFound));

  it('is rejected where there is no such user, or none any more', async () => {
    await usersScenario()
      .when(update({ firstName: 'Ada' }))
      .thenRejected(UserNotFound);
    await usersScenario()
      .given(happened.created, happened.forgotten)
      .when(update({ firstName: 'Ada' }))
      .thenRejected(UserNotFound);
  });
});
