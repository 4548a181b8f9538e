import { describe, it } from '@jest/globals';

import { UserDeleted } from '#contexts/auth/contract/index.js';
import { UserCreated, UserUpdated } from '#contexts/users/contract/index.js';
import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { ForgetBirthingPerson, RefreshIdentity } from '../contract/index.js';
import { ada, doubles, now } from '../doubles/labour-scenario.js';
import { LabourWorkerModule } from '../labour.worker.module.js';

const story = () => policyStory(LabourWorkerModule, { doubles });

const names = { username: 'ada_l', name: 'Ada L.' };
const identity = { userId: ada, email: 'ada@example.org', ...names, isActive: true, isVerified: false };

describe('A birthing person', () => {
  it('has the names of the user, and nothing else of them', () =>
    story()
      .on(new UserCreated(identity))
      .then(send(new RefreshIdentity({ birthingPersonId: ada, ...names }))));

  it('has the names that the user has by now', () => {
    const more = { firstName: 'Ada', lastName: 'Lovelace' };
    return story()
      .on(new UserUpdated({ ...identity, ...more, phoneNumber: '+441632960961', changed: ['first_name'] }))
      .then(send(new RefreshIdentity({ birthingPersonId: ada, ...names, ...more })));
  });

  it('is forgotten with the account', () =>
    story()
      .on(new UserDeleted({ userId: ada, emailHash: 'f3d1c1e8a5', deletedAt: now }))
      .then(send(new ForgetBirthingPerson({ birthingPersonId: ada }))));
});
