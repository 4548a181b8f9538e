export type DomainErrorKind =
  | 'not_found'
  | 'conflict'
  | 'forbidden'
  | 'unauthorized'
  | 'rule_violation'
  | 'rate_limited'
  | 'version_conflict'
  | 'expired';

/**
 * The domain says no. Recorded as the command's outcome (`rejected`), acknowledged, never retried.
 * `kind` decides the HTTP status in one place; `reason` is stable and may be relied upon by clients.
 */
export abstract class DomainError extends Error {
  abstract readonly kind: DomainErrorKind;
  abstract readonly reason: string;
}

/** A command would make an aggregate under an id that has one. */
export class AlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'already_exists';
  constructor(id: string) {
    super(`${id} exists already`);
  }
}
