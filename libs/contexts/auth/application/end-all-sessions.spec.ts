import { describe, it } from '@jest/globals';

import { EndAllSessions, UserNotFound, UserPasswordChanged, UserSessionsEnded } from '../contract/index.js';
import { admin, authScenario, happened, now, reached, sessionId, stranger, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const end = new EndAllSessions({ userId });
const ended = new UserSessionsEnded({ userId });

describe('Logging out everywhere', () => {
  it('tells so', () => authScenario().given(happened.registered).when(end).then(ended));

  it('ends every session from before, though one was kept when the password changed', () =>
    authScenario()
      .given(
        happened.registered,
        new UserPasswordChanged({ userId, ...reached, keptSessionId: sessionId, method: 'change' }),
      )
      .when(end)
      .thenRow(AccountRow, userId, { sessionsValidFrom: new Date(now), keptSessionId: null, version: 3 }));

  it('is granted to administrators', () =>
    authScenario().given(happened.registered).by(admin, 'admin').when(end).then(ended));

  it('is rejected to anyone else, as if there were no user', () =>
    authScenario().given(happened.registered).by(stranger, 'user').when(end).thenRejected(UserNotFound));
});
