import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskReopened,
  TaskStarted,
  TaskUpdated,
} from '../contract/index.js';
import { CountedTaskRow } from './counted-task.entity.js';
import { countedTasks } from './counted-tasks.projection.js';

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

function after(...events: readonly object[]): readonly CountedTaskRow[] {
  const rows = new InMemoryReadModels([countedTasks]);
  rows.happened(at, ...events);
  return rows.rows(CountedTaskRow);
}

describe('The tasks that are counted', () => {
  it('are those of each person, with their status and priority', () => {
    expect(after(created(1), created(2, bob, { priority: 'urgent' }), created(3), started(3))).toMatchObject([
      { id: taskId(1), version: 1, userId: ann, status: 'pending', priority: 'low' },
      { id: taskId(2), version: 1, userId: bob, status: 'pending', priority: 'urgent' },
      { id: taskId(3), version: 2, userId: ann, status: 'in_progress', priority: 'low' },
    ]);
  });

  it('are known with the time at which they are due', () => {
    const dueDate = '2026-03-02T10:00:00.000Z';
    const updated = new TaskUpdated({ ...created(1), priority: 'high', dueDate, updatedAt: at, changed: ['due_date'] });
    expect(after(created(1), updated)).toMatchObject([{ priority: 'high', dueDate: new Date(dueDate) }]);
  });

  it('are those that there are, each as it is', () => {
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
        expect(new Map(after(...happened).map(({ id, status }) => [id, status]))).toEqual(
          new Map([...there].map(([n, status]) => [taskId(n), status])),
        );
      }),
    );
  });
});
