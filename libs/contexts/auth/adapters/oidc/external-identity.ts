import { isEmail } from 'class-validator';

import { normalEmail } from '../../contract/index.js';
import { OAuthProfileIncomplete } from './errors.js';
import type { ExternalIdentity } from './identity-provider.js';

/** Claims of an ID token (OpenID Connect Core 1.0, section 5.1), as far as we look at them. None is sure to be there. */
export interface IdentityClaims {
  readonly sub?: unknown;
  readonly email?: unknown;
  readonly email_verified?: unknown;
  readonly name?: unknown;
  readonly given_name?: unknown;
  readonly family_name?: unknown;
}

const longestEmail = 254;
const longestName = 100;

/**
 * An identity out of a provider's claims.
 * @throws OAuthProfileIncomplete
 */
export function identityOf(provider: string, claims: IdentityClaims): ExternalIdentity {
  const email = typeof claims.email === 'string' ? normalEmail(claims.email) : '';
  const subject = typeof claims.sub === 'string' ? claims.sub : '';
  if (!isEmail(email) || email.length > longestEmail || !/^[\x21-\x7e]{1,255}$/.test(subject))
    throw new OAuthProfileIncomplete();
  return {
    provider,
    subject,
    email,
    // Some providers send "false" as a text: nothing but true is true.
    emailVerified: claims.email_verified === true,
    name: nameOf(claims.name),
    firstName: nameOf(claims.given_name),
    lastName: nameOf(claims.family_name),
  };
}

/** A name that a command may carry. One that cannot be used is none: people may give another later. */
function nameOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const text = claim
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return [...text].slice(0, longestName).join('').trim() || undefined;
}
