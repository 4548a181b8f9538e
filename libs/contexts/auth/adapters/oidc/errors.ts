import { DomainError } from '#kernel';
import { Problem } from '#platform/http/problem.js';

/** One reason whatever is wrong with it, so that nothing can be learnt by trying. */
export class OAuthStateInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'oauth_state_invalid';
  constructor() {
    super('this sign-in was not begun in this browser, is over or was finished before: begin it again');
  }
}

export class OAuthExchangeFailed extends DomainError {
  readonly kind = 'unauthorized';
  readonly reason = 'oauth_exchange_failed';
  constructor() {
    super('the identity provider did not confirm the sign-in: begin it again');
  }
}

export class OAuthProfileIncomplete extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'oauth_profile_incomplete';
  constructor() {
    super('the identity provider told no e-mail address that can be used: allow it to, or register with a password');
  }
}

export const providerNotConfigured = (settings: readonly string[]): Problem =>
  new Problem({
    code: 'UNAVAILABLE',
    reason: 'provider_not_configured',
    detail: `nobody can sign in like this here: the operator has to set ${settings.join(' and ')}`,
    headers: { 'Retry-After': '3600' },
  });

export const providerUnavailable = (): Problem =>
  new Problem({
    code: 'UNAVAILABLE',
    reason: 'provider_unavailable',
    detail: 'the identity provider cannot be reached at present: try again, or sign in with a password',
    headers: { 'Retry-After': '10' },
  });
