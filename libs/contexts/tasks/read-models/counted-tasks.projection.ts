import { fold, on, projection } from '#kernel';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskDueSoon,
  taskFigures,
  TaskReopened,
  TaskStarted,
  TaskUpdated,
} from '../contract/index.js';
import { CountedTaskRow } from './counted-task.entity.js';

type Counted = Omit<CountedTaskRow, 'version'>;

/** One row a task. A row a person would have to be written again, all of it, for each of their tasks' events. */
export const countedTasks = projection(taskFigures, CountedTaskRow, {
  inline: false,
  fold: fold<Counted>(
    on(TaskCreated, (_, task) => counted(task)),
    on(TaskUpdated, (_, task) => counted(task)),
    on(TaskStarted, (task) => ({ ...task, status: 'in_progress' })),
    on(TaskCompleted, (task) => ({ ...task, status: 'completed' })),
    on(TaskCancelled, (task) => ({ ...task, status: 'cancelled' })),
    on(TaskReopened, (task) => ({ ...task, status: 'pending' })),
    // Nothing of it is counted, but the row's version is its task's.
    on(TaskDueSoon, (task) => task),
    on(TaskDeleted, () => null),
  ),
});

const counted = ({ taskId, userId, status, priority, dueDate }: TaskCreated | TaskUpdated): Counted => ({
  id: taskId,
  userId,
  status,
  priority,
  dueDate: dueDate === undefined ? null : new Date(dueDate),
});
