import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { CreateProfile, ProfileChanged, ProfileForgotten, UserCreated, UserUpdated } from '../contract/index.js';
import { UsersWorkerModule } from '../users.worker.module.js';

/** Begins a story of this context. */
export const usersScenario = (): Scenario => scenario(UsersWorkerModule);

export const userId = '0196a1de-0000-7000-8000-00000000000a';
export const stranger = '0196a1de-0000-7000-8000-00000000000b';

/** Who somebody is, as an account says it. */
export const identity = { email: 'ada@example.org', username: 'ada_l', name: 'Ada L.', isVerified: false };

export const createProfile = new CreateProfile({ userId, ...identity });

/** What may have happened to one user. */
export const happened = {
  created: new UserCreated({ userId, ...identity, isActive: true }),
  named: new ProfileChanged({ userId, firstName: 'Ada', lastName: 'Lovelace' }),
  verified: new UserUpdated({ userId, ...identity, isActive: true, isVerified: true, changed: ['is_verified'] }),
  forgotten: new ProfileForgotten({ userId }),
};
