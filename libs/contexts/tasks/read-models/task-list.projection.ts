import { fold, on, projection } from '#kernel';

import { TaskCompleted, TaskCreated, TaskStarted } from '../contract/index.js';
import { TaskListRow } from './task-list.entity.js';

export const taskList = projection('tasks.task_list', TaskListRow, {
  inline: true,
  fold: fold(
    on(TaskCreated, (_, { taskId, userId, title, description, priority, status, dueDate }, { occurredAt }) => ({
      id: taskId,
      userId,
      title,
      description,
      status,
      priority,
      dueDate: dueDate === undefined ? null : new Date(dueDate),
      completedAt: null,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(TaskStarted, (task, _, { occurredAt }) => ({ ...task, status: 'in_progress', updatedAt: occurredAt })),
    on(TaskCompleted, (task, { completedAt }, { occurredAt }) => ({
      ...task,
      status: 'completed',
      completedAt: new Date(completedAt),
      updatedAt: occurredAt,
    })),
  ),
});
