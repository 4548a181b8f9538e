import { DomainError } from '#kernel';

/** Also for somebody else's: that it exists is not disclosed. */
export class UserNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'user_not_found';
  constructor(id: string) {
    super(`there is no user ${id}`);
  }
}

export class NothingToUpdate extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'nothing_to_update';
  constructor() {
    super('no field is given: name at least one that is to change');
  }
}
