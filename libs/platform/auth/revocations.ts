import type { VerifiedToken } from './authenticated-user.js';

/**
 * What makes a verified token good for nothing before it ends. A context provides one under this class; every request with
 * a token asks it, so it answers from memory. Without one no token is revoked.
 */
export abstract class Revocations {
  abstract isRevoked(token: VerifiedToken): boolean;
}
