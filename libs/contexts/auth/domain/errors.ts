import { DomainError } from '#kernel';

export class SessionNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'session_not_found';
  constructor(id: string) {
    super(`nothing is known of a session ${id}`);
  }
}

export class NoRolesGranted extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'role_not_granted';
  constructor() {
    super('no role was granted to anybody');
  }
}
