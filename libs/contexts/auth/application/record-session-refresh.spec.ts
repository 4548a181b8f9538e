import { describe, it } from '@jest/globals';

import { RecordSessionRefresh, SessionRefreshed, SessionRevoked, UserAuthenticated } from '../contract/index.js';
import { SessionNotFound } from '../domain/errors.js';
import { authScenario, now, sessionId, userId } from '../doubles/auth-scenario.js';

const record = new RecordSessionRefresh({ sessionId, userId });
const authenticated = new UserAuthenticated({
  sessionId,
  userId,
  email: 'ada@example.org',
  username: 'ada_l',
  method: 'password',
  authenticatedAt: now,
});
const refreshed = new SessionRefreshed({ sessionId, userId, refreshedAt: now });

describe('The refreshing of a session', () => {
  it('is told, each time', () => authScenario().given(authenticated, refreshed).when(record).then(refreshed));

  it('is not told of one that is over', () =>
    authScenario()
      .given(authenticated, new SessionRevoked({ sessionId, userId, reason: 'logout', revokedAt: now }))
      .when(record)
      .thenNothing());

  it('is rejected for one that nothing is known of', () => authScenario().when(record).thenRejected(SessionNotFound));
});
