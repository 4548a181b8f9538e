import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import { RecordSignIn, UserAuthenticated } from '../contract/index.js';
import { authScenario, now, sessionId, userId } from '../doubles/auth-scenario.js';

const signIn = { sessionId, userId, email: 'ada@example.org', username: 'ada_l', method: 'password' };
const record = new RecordSignIn(signIn);
const authenticated = new UserAuthenticated({ ...signIn, authenticatedAt: now });

describe('A sign-in', () => {
  it('is told with who it was, when and how', () => authScenario().when(record).then(authenticated));

  it('is told once for a session', () => authScenario().given(authenticated).when(record).thenRejected(AlreadyExists));
});
