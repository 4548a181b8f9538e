import { DomainError } from '#kernel';

export class TaskNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'task_not_found';
  constructor(id: string) {
    super(`there is no task ${id}`);
  }
}

export class InvalidTaskTransition extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'task_invalid_transition';
}

export class DueDateInPast extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'due_date_in_past';
  constructor(dueDate: Date) {
    super(`the due date ${dueDate.toISOString()} has passed`);
  }
}

export class NothingToUpdate extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'nothing_to_update';
  constructor() {
    super('no field is given: name at least one that is to change');
  }
}

export class CategoryNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'category_not_found';
  constructor(id: string) {
    super(`there is no category ${id}`);
  }
}

export class CategoryInUse extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'category_in_use';
  constructor(name: string) {
    super(`there are tasks in ${name}: move them to another category first`);
  }
}
