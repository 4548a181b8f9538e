import { fold, on, projection } from '#kernel';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskDueSoon,
  TaskPriorities,
  TaskReopened,
  TaskStarted,
  TaskUpdated,
} from '../contract/index.js';
import { TaskListRow } from './task-list.entity.js';

const details = ({ title, description, priority, categoryId, status, dueDate }: TaskCreated | TaskUpdated) => ({
  title,
  description,
  status,
  priority,
  priorityRank: TaskPriorities.indexOf(priority) + 1,
  categoryId: categoryId ?? null,
  dueDate: dueDate === undefined ? null : new Date(dueDate),
});

export const taskList = projection('tasks.task_list', TaskListRow, {
  inline: true,
  fold: fold(
    on(TaskCreated, (_, task, { occurredAt }) => ({
      id: task.taskId,
      userId: task.userId,
      ...details(task),
      completedAt: null,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(TaskUpdated, (task, update, { occurredAt }) => ({ ...task, ...details(update), updatedAt: occurredAt })),
    on(TaskStarted, (task, _, { occurredAt }) => ({ ...task, status: 'in_progress', updatedAt: occurredAt })),
    on(TaskCompleted, (task, { completedAt }, { occurredAt }) => ({
      ...task,
      status: 'completed',
      completedAt: new Date(completedAt),
      updatedAt: occurredAt,
    })),
    on(TaskCancelled, (task, _, { occurredAt }) => ({ ...task, status: 'cancelled', updatedAt: occurredAt })),
    on(TaskReopened, (task, _, { occurredAt }) => ({
      ...task,
      status: 'pending',
      completedAt: null,
      updatedAt: occurredAt,
    })),
    // Nothing of it is shown, but the row's version is its task's.
    on(TaskDueSoon, (task) => task),
    on(TaskDeleted, () => null),
  ),
});
