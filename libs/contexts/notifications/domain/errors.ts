import { DomainError } from '#kernel';

import { maxRetries } from '../contract/index.js';

export class RecipientInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'recipient_invalid';
}

export class ContentRequired extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'content_required';
  constructor() {
    super('say what is to be told: give either a template with its variables, or a title and a message');
  }
}

export class NotificationAlreadySent extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'notification_already_sent';
  constructor(status: string) {
    super(`the notification is ${status} already: request another one to say it again`);
  }
}

export class NotificationNotPending extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'notification_not_pending';
}

export class NotificationNotFailed extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'notification_not_failed';
  constructor(status: string) {
    super(`the notification is ${status}: only one that failed is tried again`);
  }
}

export class RetryLimitReached extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'retry_limit_reached';
  constructor() {
    super(`the notification was tried again ${maxRetries} times: request another one`);
  }
}

export class NotInApp extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'notification_not_in_app';
  constructor() {
    super('only notifications of the channel in_app are read or deleted here');
  }
}

export class TemplateNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'template_not_found';
  constructor(which: string) {
    super(`there is no template ${which}`);
  }
}

export class TemplateInactive extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'template_inactive';
  constructor(which: string) {
    super(`the template ${which} is not active: activate it, or use another one`);
  }
}

export class TemplateVariableMissing extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'template_variable_missing';
  constructor(name: string) {
    super(`the template needs a value for ${name}: give it in variables`);
  }
}

export class TemplateSyntaxInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'template_syntax_invalid';
}

export class NothingToUpdate extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'nothing_to_update';
  constructor() {
    super('no field is given: name at least one that is to change');
  }
}

export class AccountTopicRequired extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'account_topic_required';
  constructor() {
    super('what concerns the account is told by every channel: leave account out, or name all channels');
  }
}

/** Nothing can be said to them any more, and they have nothing to choose. */
export class RecipientNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'user_not_found';
  constructor(id: string) {
    super(`there is no user ${id}`);
  }
}
