import { DomainError } from '#kernel';

// These stand here because the domain is not alone in raising them: a read model's index does, or the API beforehand.

export class CategoryNameTaken extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'category_name_taken';
  constructor() {
    super('there is a category of that name already: choose another name');
  }
}

export class AdminOnly extends DomainError {
  readonly kind = 'forbidden';
  readonly reason = 'admin_only';
  constructor() {
    super('built-in categories are made by administrators: leave built_in out to make one of your own');
  }
}
