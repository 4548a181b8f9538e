import type { FastifyRequest } from 'fastify';

import type { AuthenticatedUser, VerifiedToken } from '../auth/authenticated-user.js';
import type { Waiting } from '../commands/outcomes.js';
import { correlation, type Correlation } from '../observability/correlation.js';
import type { Preference } from './preference.js';

/** The id that a request's command gets, what it was made from, and what its sender wants of it. */
export interface RequestedCommand {
  readonly id: string;
  readonly keyHash?: Buffer;
  readonly fingerprint?: Buffer;
  readonly expectedVersion?: number;
  readonly deadline?: Date;
  readonly preference: Preference;
  /** It has been handed to the broker, or may have been: whatever is answered must carry its id. */
  sent?: boolean;
  waiting?: Waiting;
}

/** What is known of the request that is being handled. */
export interface RequestScope extends Correlation {
  readonly request: FastifyRequest;
  /** Undefined without an access token, which only public routes allow. */
  user?: AuthenticatedUser;
  /** What the user's access token says. */
  token?: VerifiedToken;
  command?: RequestedCommand;
  /** The answer's status, where it is not known before the handler has run. */
  status?: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    scope?: RequestScope;
  }
}

/** @throws Error outside the handling of a request */
export function requestScope(): RequestScope {
  const scope = correlation.getStore();
  if (!scope || !('request' in scope)) throw new Error('there is no request here');
  return scope as RequestScope;
}
