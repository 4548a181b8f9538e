import { policy, schedule, timeOf, unschedule, type Consequence } from '#kernel';

import {
  RemindOfDueDate,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskReopened,
  TaskUpdated,
} from '../contract/index.js';
import { TaskLookup } from './ports.js';

const oneDay = 24 * 60 * 60 * 1000;

interface DueTask {
  readonly taskId: string;
  readonly dueDate?: string;
}

/** A day before the task is due; not at all when that has passed by the time of the event. */
function remind({ taskId, dueDate }: DueTask, now: Date): readonly Consequence[] {
  if (dueDate === undefined) return [];
  const at = new Date(timeOf(dueDate).getTime() - oneDay);
  return at > now ? [schedule(new RemindOfDueDate({ taskId, dueDate }), at)] : [];
}

const forget = ({ taskId }: { readonly taskId: string }): readonly Consequence[] => [
  unschedule(RemindOfDueDate, taskId),
];

/** Instead of the reminder that there may be; but one whose time has come stays, unless the due date is another now. */
function remindAnew(task: TaskUpdated, now: Date): readonly Consequence[] {
  const active = task.status === 'pending' || task.status === 'in_progress';
  if (!active) return forget(task);
  const again = remind(task, now);
  return again.length > 0 || !task.changed.includes('due_date') ? again : forget(task);
}

const name = 'tasks.remind_of_due_date';

/** One name for all: an event that cannot be handled holds back the later ones of its task. */
export const remindOfDueDate = [
  policy(name, TaskCreated, { then: (task, _, { occurredAt }) => remind(task, occurredAt) }),
  policy(name, TaskUpdated, { then: (task, _, { occurredAt }) => remindAnew(task, occurredAt) }),
  policy(name, TaskReopened, {
    from: TaskLookup,
    rows: (tasks, { taskId }) => tasks.dueDateOf(taskId),
    then: ({ taskId }, dueDate, { occurredAt }) => remind({ taskId, dueDate: dueDate?.toISOString() }, occurredAt),
  }),
  policy(name, TaskCompleted, { then: forget }),
  policy(name, TaskCancelled, { then: forget }),
  policy(name, TaskDeleted, { then: forget }),
];
