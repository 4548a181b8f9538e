import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskPriorities,
  TaskReopened,
  TaskStarted,
  TaskStatuses,
  TaskUpdated,
} from '../contract/index.js';
import { TaskSummaryRow } from './task-summary.entity.js';
import { taskSummary } from './task-summary.projection.js';

const ann = '0196a1de-0000-7000-8000-00000000000a';
const bob = '0196a1de-0000-7000-8000-00000000000b';
const at = '2026-03-01T10:00:00.000Z';
const taskId = (n: number): string => `0196a1de-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;

const created = (n: number, userId = ann, more: Partial<TaskCreated> = {}): TaskCreated =>
  new TaskCreated({
    taskId: taskId(n),
    userId,
    title: 't',
    description: '',
    priority: 'low',
    status: 'pending',
    ...more,
  });
const of = (n: number) => ({ taskId: taskId(n), userId: ann, title: 't' });
const started = (n: number) => new TaskStarted({ ...of(n), startedAt: at });
const completed = (n: number) => new TaskCompleted({ ...of(n), priority: 'low', completedAt: at });
const cancelled = (n: number) => new TaskCancelled({ ...of(n), status: 'cancelled', cancelledAt: at });
const reopened = (n: number) => new TaskReopened({ ...of(n), status: 'pending', reopenedAt: at });
const deleted = (n: number) => new TaskDeleted({ ...of(n), deletedAt: at });

function after(...events: readonly object[]): readonly TaskSummaryRow[] {
  const rows = new InMemoryReadModels([taskSummary]);
  rows.happened(at, ...events);
  return rows.rows(TaskSummaryRow);
}

describe('The summary of a person’s tasks', () => {
  it('counts the tasks of each person by status and priority', () => {
    expect(after(created(1), created(2, bob, { priority: 'urgent' }), created(3), started(3))).toMatchObject([
      {
        id: ann,
        version: 3,
        total: 2,
        byStatus: { pending: 1, in_progress: 1, completed: 0, cancelled: 0 },
        byPriority: { low: 2, medium: 0, high: 0, urgent: 0 },
      },
      { id: bob, version: 1, total: 1, byPriority: { urgent: 1 } },
    ]);
  });

  it('knows when open tasks are due', () => {
    const due = '2026-03-02T10:00:00.000Z';
    const updated = new TaskUpdated({
      ...created(1),
      priority: 'high',
      dueDate: due,
      updatedAt: at,
      changed: ['due_date'],
    });
    expect(after(created(1), updated)[0]).toMatchObject({
      tasks: { [taskId(1)]: { status: 'pending', priority: 'high', due } },
      byPriority: { low: 0, high: 1 },
    });
  });

  it('is gone with the last task', () => {
    expect(after(created(1), created(2), deleted(1), deleted(2))).toEqual([]);
  });

  it('always counts what there is', () => {
    const step = fc.record({ n: fc.integer({ min: 1, max: 4 }), dice: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const happened: object[] = [];
        const there = new Map<number, string>();
        for (const { n, dice } of steps) {
          const status = there.get(n);
          if (!status) {
            happened.push(created(n));
            there.set(n, 'pending');
          } else if (dice === 0) {
            happened.push(deleted(n));
            there.delete(n);
          } else {
            const [event, next] = (
              {
                pending: [started(n), 'in_progress'],
                in_progress: dice > 3 ? [cancelled(n), 'cancelled'] : [completed(n), 'completed'],
                completed: [reopened(n), 'pending'],
              } as Record<string, [object, string]>
            )[status] ?? [undefined, status];
            if (event) happened.push(event);
            there.set(n, next);
          }
        }
        const [row] = after(...happened);
        expect(row?.total ?? 0).toBe(there.size);
        for (const status of TaskStatuses)
          expect(row?.byStatus[status] ?? 0).toBe([...there.values()].filter((each) => each === status).length);
        expect(TaskPriorities.reduce((sum, each) => sum + (row?.byPriority[each] ?? 0), 0)).toBe(there.size);
      }),
    );
  });
});
