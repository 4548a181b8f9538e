import { Aggregate, fold, on, timeOf } from '#kernel';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskDueSoon,
  TaskReopened,
  TaskStarted,
  TaskUpdated,
  type CreateTask,
  type RemindOfDueDate,
  type TaskPriority,
  type TaskStatus,
  type UpdateTask,
} from '../contract/index.js';
import { DueDateInPast, InvalidTaskTransition, TaskNotFound } from './errors.js';
import { assertNamesAField, changed } from './update.js';

/** What an update may change. */
interface TaskDetails {
  readonly title: string;
  readonly description: string;
  readonly priority: TaskPriority;
  readonly categoryId: string | undefined;
  readonly dueDate: string | undefined;
}

interface TaskState extends TaskDetails {
  readonly userId: string;
  readonly status: TaskStatus;
  /** The due date that its owner has been reminded of. */
  readonly remindedOf?: string;
}

export class Task extends Aggregate<TaskState> {
  static readonly streamType = 'tasks.task';
  static readonly NotFound = TaskNotFound;

  protected readonly evolve = fold<TaskState>(
    on(TaskCreated, (_, { userId, title, description, priority, categoryId, dueDate, status }) => ({
      userId,
      title,
      description,
      priority,
      categoryId,
      dueDate,
      status,
    })),
    on(TaskUpdated, (task, { title, description, priority, categoryId, dueDate }) => ({
      ...task,
      title,
      description,
      priority,
      categoryId,
      dueDate,
    })),
    on(TaskStarted, (task) => ({ ...task, status: 'in_progress' })),
    on(TaskCompleted, (task) => ({ ...task, status: 'completed' })),
    on(TaskCancelled, (task) => ({ ...task, status: 'cancelled' })),
    on(TaskReopened, (task) => ({ ...task, status: 'pending' })),
    on(TaskDueSoon, (task, { dueDate }) => ({ ...task, remindedOf: dueDate })),
    on(TaskDeleted, () => null),
  );

  open({ userId, title, description = '', priority = 'medium', categoryId, dueDate }: CreateTask, at: Date): void {
    const due = dueDate === undefined ? undefined : timeOf(dueDate);
    if (due && due < at) throw new DueDateInPast(due);
    this.record(
      new TaskCreated({
        taskId: this.id,
        userId,
        title,
        description,
        priority,
        categoryId,
        status: 'pending',
        dueDate: due?.toISOString(),
      }),
    );
  }

  update({ userId, title, description, priority, categoryId, dueDate }: UpdateTask, at: Date): void {
    const before = this.ownedBy(userId);
    assertNamesAField({ title, description, priority, categoryId, dueDate });
    const after: TaskDetails = {
      title: title ?? before.title,
      description: description ?? before.description,
      priority: priority ?? before.priority,
      categoryId: orBefore(categoryId, before.categoryId),
      dueDate: orBefore(dueDate && timeOf(dueDate).toISOString(), before.dueDate),
    };
    const changes = changed<TaskDetails>(before, after);
    if (changes.length === 0) return;
    const { status } = before;
    this.record(
      new TaskUpdated({ taskId: this.id, userId, ...after, status, updatedAt: at.toISOString(), changed: changes }),
    );
  }

  start(by: string, at: Date): void {
    const { userId, title } = this.whichCanBe('started', by, 'pending');
    this.record(new TaskStarted({ taskId: this.id, userId, title, startedAt: at.toISOString() }));
  }

  complete(by: string, at: Date): void {
    const { userId, title, priority } = this.whichCanBe('completed', by, 'pending', 'in_progress');
    this.record(new TaskCompleted({ taskId: this.id, userId, title, priority, completedAt: at.toISOString() }));
  }

  cancel(by: string, at: Date): void {
    const { userId, title, status } = this.whichCanBe('cancelled', by, 'pending', 'in_progress', 'cancelled');
    if (status === 'cancelled') return;
    this.record(
      new TaskCancelled({ taskId: this.id, userId, title, status: 'cancelled', cancelledAt: at.toISOString() }),
    );
  }

  reopen(by: string, at: Date): void {
    const { userId, title } = this.whichCanBe('reopened', by, 'completed');
    this.record(new TaskReopened({ taskId: this.id, userId, title, status: 'pending', reopenedAt: at.toISOString() }));
  }

  /** Says that the task will be due soon: once for a due date, and only while it still stands. */
  remind({ dueDate }: RemindOfDueDate): void {
    const { userId, title, status, dueDate: due, remindedOf } = this.state;
    const active = status === 'pending' || status === 'in_progress';
    if (active && due === dueDate && remindedOf !== dueDate)
      this.record(new TaskDueSoon({ taskId: this.id, userId, title, dueDate }));
  }

  delete(by: string, at: Date, { asAdmin }: { asAdmin: boolean }): void {
    const { userId, title } = asAdmin ? this.state : this.ownedBy(by);
    this.record(new TaskDeleted({ taskId: this.id, userId, title, deletedAt: at.toISOString() }));
  }

  /** The task, where it is the asker's and in one of the statuses in which that can be done to it. */
  private whichCanBe(act: string, by: string, ...statuses: readonly TaskStatus[]): TaskState {
    const task = this.ownedBy(by);
    if (!statuses.includes(task.status))
      throw new InvalidTaskTransition(`a task that is ${task.status} cannot be ${act}`);
    return task;
  }

  private ownedBy(user: string): TaskState {
    if (this.state.userId !== user) throw new TaskNotFound(this.id);
    return this.state;
  }
}

/** Absent: as before. Null: none. */
const orBefore = (wanted: string | null | undefined, before: string | undefined): string | undefined =>
  wanted === undefined ? before : (wanted ?? undefined);
