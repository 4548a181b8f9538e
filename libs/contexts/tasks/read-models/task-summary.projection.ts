import { fold, on, projection } from '#kernel';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  taskFigures,
  TaskPriorities,
  TaskReopened,
  TaskStarted,
  TaskStatuses,
  TaskUpdated,
} from '../contract/index.js';
import { TaskSummaryRow, type CountedTask } from './task-summary.entity.js';

type Summary = Omit<TaskSummaryRow, 'version'>;
type OfTask = { readonly taskId: string; readonly userId: string };

/** One row a person, over all their tasks. */
export const taskSummary = projection(taskFigures, TaskSummaryRow, {
  inline: false,
  key: (event) => (event as OfTask).userId,
  fold: fold<Summary>(
    on(TaskCreated, (summary, task) => counted(summary, task, known(task))),
    on(TaskUpdated, (summary, task) => counted(summary, task, known(task))),
    on(TaskStarted, (summary, task) => moved(summary, task, 'in_progress')),
    on(TaskCompleted, (summary, task) => moved(summary, task, 'completed')),
    on(TaskCancelled, (summary, task) => moved(summary, task, 'cancelled')),
    on(TaskReopened, (summary, task) => moved(summary, task, 'pending')),
    on(TaskDeleted, (summary, task) => counted(summary, task, undefined)),
  ),
});

const known = ({ status, priority, dueDate }: TaskCreated | TaskUpdated): CountedTask => ({
  status,
  priority,
  due: dueDate ?? null,
});

function moved(summary: Summary | null, of: OfTask, status: CountedTask['status']): Summary | null {
  const task = summary?.tasks[of.taskId];
  return task ? counted(summary, of, { ...task, status }) : summary;
}

/** The same with another task in the place of the one that was there; without any, there is nothing to sum up. */
function counted(before: Summary | null, { taskId, userId }: OfTask, task: CountedTask | undefined): Summary | null {
  const { [taskId]: former, ...others } = before?.tasks ?? {};
  const tasks = task ? { ...others, [taskId]: task } : others;
  const total = (before?.total ?? 0) + Number(task !== undefined) - Number(former !== undefined);
  if (total === 0) return null;
  const change = <Name extends string>(
    names: readonly Name[],
    counts: Readonly<Record<Name, number>> | undefined,
    of: (counted: CountedTask) => Name,
  ) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        (counts?.[name] ?? 0) +
          Number(task !== undefined && of(task) === name) -
          Number(former !== undefined && of(former) === name),
      ]),
    ) as Record<Name, number>;
  return {
    id: userId,
    total,
    byStatus: change(TaskStatuses, before?.byStatus, ({ status }) => status),
    byPriority: change(TaskPriorities, before?.byPriority, ({ priority }) => priority),
    tasks,
  };
}
