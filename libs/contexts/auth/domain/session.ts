import { Aggregate, fold, on } from '#kernel';

import {
  SessionRefreshed,
  SessionRevoked,
  UserAuthenticated,
  type RecordSignIn,
  type SessionEnding,
} from '../contract/index.js';
import { SessionNotFound } from './errors.js';

interface SessionState {
  readonly userId: string;
  readonly isOver: boolean;
}

/** What has become of a session, as the API that keeps it told. */
export class Session extends Aggregate<SessionState> {
  static readonly streamType = 'auth.session';
  static readonly NotFound = SessionNotFound;

  protected readonly evolve = fold<SessionState>(
    on(UserAuthenticated, (_, { userId }) => ({ userId, isOver: false })),
    on(SessionRefreshed, (session) => session),
    on(SessionRevoked, (session) => ({ ...session, isOver: true })),
  );

  begin({ userId, email, username, method }: RecordSignIn, at: Date): void {
    this.record(
      new UserAuthenticated({
        sessionId: this.id,
        userId,
        email,
        username,
        authenticatedAt: at.toISOString(),
        method,
      }),
    );
  }

  refresh(at: Date): void {
    const { userId, isOver } = this.state;
    if (!isOver) this.record(new SessionRefreshed({ sessionId: this.id, userId, refreshedAt: at.toISOString() }));
  }

  end(reason: SessionEnding, at: Date): void {
    const { userId, isOver } = this.state;
    if (!isOver) this.record(new SessionRevoked({ sessionId: this.id, userId, reason, revokedAt: at.toISOString() }));
  }
}
