import type { DiscoveryService } from '@nestjs/core';

import type { VerifiedToken } from './authenticated-user.js';

/**
 * What makes a verified token good for nothing before it ends. A context provides one under this class; every request with
 * a token asks it, so it answers from memory. Without one no token is revoked.
 */
export abstract class Revocations {
  abstract isRevoked(token: VerifiedToken): boolean;
}

/** All that contexts provide, once all contexts are there. */
export function providedRevocations(discovery: DiscoveryService): readonly Revocations[] {
  const provided = discovery.getProviders().map(({ instance }) => instance as unknown);
  return [...new Set(provided.filter((instance) => instance instanceof Revocations))];
}
