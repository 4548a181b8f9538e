import { describe, it } from '@jest/globals';

import { ForgetUser } from '../contract/index.js';
import { happened, userId, usersScenario } from '../doubles/users-scenario.js';
import { ProfileRow } from '../read-models/profile.entity.js';

const forget = new ForgetUser({ userId });

describe('Forgetting a user', () => {
  it('is recorded', () => usersScenario().given(happened.created).when(forget).then(happened.forgotten));

  it('leaves nothing of the profile to read', () =>
    usersScenario().given(happened.created, happened.named).when(forget).thenRow(ProfileRow, userId, null));

  it('changes nothing where there is no such user, or none any more', async () => {
    await usersScenario().when(forget).thenNothing();
    await usersScenario().given(happened.created, happened.forgotten).when(forget).thenNothing();
  });
});
