import { describe, it } from '@jest/globals';

import { RecordIdentity, UserUpdated } from '../contract/index.js';
import { UserNotFound } from '../domain/errors.js';
import { happened, identity, userId, usersScenario } from '../doubles/users-scenario.js';
import { ProfileRow } from '../read-models/profile.entity.js';

const record = (fields: Partial<RecordIdentity>): RecordIdentity => new RecordIdentity({ userId, ...fields });

describe('Recording what an account says', () => {
  it('tells who somebody is by now, and what changed', () =>
    usersScenario()
      .given(happened.created, happened.verified, happened.named)
      .when(record({ email: 'ada@example.com', username: 'ada_l', name: 'Ada L.', isVerified: false }))
      .then(
        new UserUpdated({
          userId,
          ...identity,
          firstName: 'Ada',
          lastName: 'Lovelace',
          email: 'ada@example.com',
          isActive: true,
          isVerified: false,
          changed: ['email', 'is_verified'],
        }),
      ));

  it('is shown at once, and leaves alone what somebody tells of themself', () =>
    usersScenario()
      .given(happened.created, happened.named)
      .when(record({ isActive: false }))
      .thenRow(ProfileRow, userId, { version: 3, isActive: false, email: 'ada@example.org', lastName: 'Lovelace' }));

  it('that is known already changes nothing', () =>
    usersScenario()
      .given(happened.created, happened.verified)
      .when(record({ isVerified: true }))
      .thenNothing());

  it('is rejected where there is no such user', () =>
    usersScenario()
      .when(record({ isVerified: true }))
      .thenRejected(UserNotFound));
});
