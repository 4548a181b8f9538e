import { Aggregate, fold, on, timeOf } from '#kernel';

import {
  TaskCompleted,
  TaskCreated,
  TaskStarted,
  type CreateTask,
  type TaskPriority,
  type TaskStatus,
} from '../contract/index.js';
import { DueDateInPast, InvalidTaskTransition, TaskNotFound } from './errors.js';

interface TaskState {
  readonly userId: string;
  readonly title: string;
  readonly priority: TaskPriority;
  readonly status: TaskStatus;
}

export class Task extends Aggregate<TaskState> {
  static readonly streamType = 'tasks.task';
  static readonly NotFound = TaskNotFound;

  protected readonly evolve = fold<TaskState>(
    on(TaskCreated, (_, { userId, title, priority }) => ({ userId, title, priority, status: 'pending' })),
    on(TaskStarted, (task) => ({ ...task, status: 'in_progress' })),
    on(TaskCompleted, (task) => ({ ...task, status: 'completed' })),
  );

  open({ userId, title, description = '', priority = 'medium', dueDate }: CreateTask, at: Date): void {
    const due = dueDate === undefined ? undefined : timeOf(dueDate);
    if (due && due < at) throw new DueDateInPast(due);
    this.record(
      new TaskCreated({
        taskId: this.id,
        userId,
        title,
        description,
        priority,
        status: 'pending',
        dueDate: due?.toISOString(),
      }),
    );
  }

  start(by: string, at: Date): void {
    const { userId, title, status } = this.ownedBy(by);
    if (status !== 'pending') throw new InvalidTaskTransition(`a task that is ${status} cannot be started`);
    this.record(new TaskStarted({ taskId: this.id, userId, title, startedAt: at.toISOString() }));
  }

  complete(by: string, at: Date): void {
    const { userId, title, priority, status } = this.ownedBy(by);
    if (status !== 'pending' && status !== 'in_progress')
      throw new InvalidTaskTransition(`a task that is ${status} cannot be completed`);
    this.record(new TaskCompleted({ taskId: this.id, userId, title, priority, completedAt: at.toISOString() }));
  }

  private ownedBy(user: string): TaskState {
    if (this.state.userId !== user) throw new TaskNotFound(this.id);
    return this.state;
  }
}
