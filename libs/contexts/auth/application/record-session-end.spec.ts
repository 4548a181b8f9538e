import { describe, it } from '@jest/globals';

import { RecordSessionEnd, SessionEndings, SessionRevoked, UserAuthenticated } from '../contract/index.js';
import { SessionNotFound } from '../domain/errors.js';
import { authScenario, now, sessionId, userId } from '../doubles/auth-scenario.js';

const record = new RecordSessionEnd({ sessionId, userId, reason: 'logout' });
const authenticated = new UserAuthenticated({
  sessionId,
  userId,
  email: 'ada@example.org',
  username: 'ada_l',
  method: 'google',
  authenticatedAt: now,
});

describe('The end of a session', () => {
  it.each(SessionEndings)('is told with its reason, %s', (reason) =>
    authScenario()
      .given(authenticated)
      .when(new RecordSessionEnd({ ...record, reason }))
      .then(new SessionRevoked({ sessionId, userId, reason, revokedAt: now })),
  );

  it('is told once', () =>
    authScenario()
      .given(authenticated, new SessionRevoked({ sessionId, userId, reason: 'reuse', revokedAt: now }))
      .when(record)
      .thenNothing());

  it('is rejected for one that nothing is known of', () => authScenario().when(record).thenRejected(SessionNotFound));
});
