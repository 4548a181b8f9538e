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
