import { DomainError } from '#kernel';

// These stand here because the domain is not alone in raising them: a read model's index does, or the API beforehand.

/** Also what is somebody else's: that it exists is not disclosed. */
export class NotificationNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'notification_not_found';
  constructor(id: string) {
    super(`there is no notification ${id}`);
  }
}

export class NotificationAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'notification_already_exists';
  constructor() {
    super('something was said under that dedup_key already: use another one to say something else');
  }
}

export class TemplateNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'template_name_taken';
  constructor() {
    super('there is a template of that name for that channel already: change that one, or choose another name');
  }
}

export class AdminOnly extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'admin_only';
  constructor() {
    super('only administrators may do that: ask one of them');
  }
}

/** A proof that is wrong. Nothing tells which one would be right. */
export class SignatureInvalid extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'signature_invalid';
  constructor() {
    super('the signature is not that of the provider: check SMS_TOKEN and PUBLIC_URL');
  }
}
