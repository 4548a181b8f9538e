import { describe, it } from '@jest/globals';

import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { AuthWorkerModule } from '../auth.worker.module.js';
import { RevokeRole, rolesId } from '../contract/index.js';
import { doubles, granted, happened, stranger, userId } from '../doubles/auth-scenario.js';

const story = () => policyStory(AuthWorkerModule, { doubles });
const revoke = (role: 'analyst' | 'service'): RevokeRole => new RevokeRole({ rolesId, userId, role });

describe('The roles of a user who was deleted', () => {
  it('are revoked, each by itself', () =>
    story()
      .given(happened.registered, granted(userId, 'analyst'), granted(userId, 'service'), granted(stranger, 'admin'))
      .on(happened.deleted)
      .then(send(revoke('analyst'), 'analyst'), send(revoke('service'), 'service')));

  it('need nothing where there are none', () =>
    story().given(happened.registered, granted(stranger, 'admin')).on(happened.deleted).thenNothing());
});
