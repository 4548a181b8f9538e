import { DomainError } from '#kernel';

export class SubscriberNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'subscriber_not_found';
  constructor() {
    super('you are not registered as a subscriber: register first');
  }
}

export class SubscriberAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'subscriber_already_exists';
  constructor() {
    super('you are registered as a subscriber already: nothing is left to do');
  }
}

export class InviteLimitReached extends DomainError {
  readonly kind = 'rate_limited';
  readonly reason = 'invite_limit_reached';
  constructor(most: number) {
    super(`${most} invitations were sent within 24 hours: wait until the first of them is older`);
  }
}

export class BirthingPersonNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'birthing_person_not_found';
  constructor(id: string) {
    super(`there is no birthing person ${id}`);
  }
}

export class SubscriptionTokenIncorrect extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'subscription_token_incorrect';
  constructor() {
    super('the token is not the one that is shared by now: ask the birthing person for it');
  }
}

export class CannotSubscribeToSelf extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'cannot_subscribe_to_self';
  constructor() {
    super('the birthing person is you: share the token with others');
  }
}

/** Also what is somebody else's: that it exists is not disclosed. */
export class SubscriptionNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'subscription_not_found';
  constructor(id: string) {
    super(`there is no subscription ${id}`);
  }
}

export class AlreadyRequested extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'already_requested';
  constructor() {
    super('the birthing person was asked already: wait for the answer');
  }
}

export class AlreadySubscribed extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'already_subscribed';
  constructor() {
    super('the subscriber follows already: nothing is left to do');
  }
}

export class AlreadyRemoved extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'already_removed';
  constructor() {
    super('the subscriber is removed already: nothing is left to do');
  }
}

export class NotSubscribed extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'not_subscribed';
  constructor() {
    super('nobody follows by this subscription: there is nothing to end or to change');
  }
}

export class NotRequested extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'not_requested';
  constructor() {
    super('the subscriber does not ask to follow: wait until they do');
  }
}

export class NotBlocked extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'not_blocked';
  constructor() {
    super('the subscriber is not blocked: nothing is left to do');
  }
}

/** What the birthing person wants cannot be done to somebody who is blocked. */
export class SubscriberIsBlocked extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'subscriber_blocked';
  constructor() {
    super('the subscriber is blocked: unblock them first');
  }
}

/** The same to whom it happened. */
export class BlockedFromSubscribing extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'subscriber_blocked';
  constructor() {
    super('the birthing person does not want to be followed by you');
  }
}

export class RoleUnchanged extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'role_unchanged';
  constructor(role: string) {
    super(`the subscriber is ${role} already: choose another role`);
  }
}
