import { DomainError } from '#kernel';

import { Roles } from './vocabulary.js';

// These stand here because the domain is not alone in raising them: a read model's index does, or the API beforehand.

/** Also what is somebody else's: that it exists is not disclosed. */
export class UserNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'user_not_found';
  constructor(id: string) {
    super(`there is no user ${id}`);
  }
}

export class EmailTaken extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'email_taken';
  constructor() {
    super('there is an account with that e-mail address already: sign in, or reset its password');
  }
}

export class UsernameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'username_taken';
  constructor() {
    super('somebody has that user name already: choose another one');
  }
}

export class NothingToUpdate extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'nothing_to_update';
  constructor() {
    super('no field is given: name at least one that is to change');
  }
}

export class CurrentPasswordIncorrect extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'current_password_incorrect';
  constructor() {
    super('the current password is another: correct it, or reset it');
  }
}

export class ResetTokenInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'reset_token_invalid';
  constructor() {
    super('the link to reset the password is used, void or expired: ask for a new one');
  }
}

export class VerificationTokenInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'verification_token_invalid';
  constructor() {
    super('the link to verify the e-mail address is used, void or expired: ask for a new one');
  }
}

export class AlreadyVerified extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'already_verified';
  constructor() {
    super('the e-mail address is verified already: nothing is left to do');
  }
}

export class AdminOnly extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'admin_only';
  constructor() {
    super('only administrators may do that: ask one of them');
  }
}

export class RoleUnknown extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'role_unknown';
  constructor() {
    super(`the role must be one of ${Roles.join(', ')}`);
  }
}

export class RoleAlreadyGranted extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'role_already_granted';
  constructor(role: string) {
    super(`the user has the role ${role} already`);
  }
}

export class RoleNotGranted extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'role_not_granted';
  constructor(role: string) {
    super(`the role ${role} was not granted to the user`);
  }
}

export class LastAdmin extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'last_admin';
  constructor() {
    super('the user is the only administrator: grant the role to somebody else first');
  }
}

export class AdminRoleHeld extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'admin_role_held';
  constructor() {
    super('the user is an administrator: revoke that role first');
  }
}

export class ServiceClientNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'service_client_not_found';
  constructor(id: string) {
    super(`there is no service client ${id}`);
  }
}
