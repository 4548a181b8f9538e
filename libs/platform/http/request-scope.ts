import type { FastifyRequest } from 'fastify';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { correlation, type Correlation } from '../observability/correlation.js';

/** The id that a request's command gets, and what it was made from. */
export interface CommandIdentity {
  readonly id: string;
  readonly keyHash?: Buffer;
  readonly fingerprint?: Buffer;
}

/** What is known of the request that is being handled. */
export interface RequestScope extends Correlation {
  readonly request: FastifyRequest;
  user?: AuthenticatedUser;
  command?: CommandIdentity;
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
