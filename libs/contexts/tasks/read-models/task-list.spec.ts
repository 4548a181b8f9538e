import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

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
import { taskList } from './task-list.projection.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const categoryId = '0196a1de-0000-7000-8000-0000000000c1';
const title = 'Pack the hospital bag';
const task = { taskId, userId, title };

const created = new TaskCreated({
  ...task,
  description: 'and the charger',
  priority: 'high',
  categoryId,
  status: 'pending',
  dueDate: '2026-03-05T00:00:00.000Z',
});
const started = new TaskStarted({ ...task, startedAt: '2026-03-01T00:00:02.000Z' });
const completed = new TaskCompleted({ ...task, priority: 'high', completedAt: '2026-03-01T00:00:03.000Z' });
const cancelled = new TaskCancelled({ ...task, status: 'cancelled', cancelledAt: '2026-03-01T00:00:02.000Z' });
const reopened = new TaskReopened({ ...task, status: 'pending', reopenedAt: '2026-03-01T00:00:04.000Z' });
const deleted = new TaskDeleted({ ...task, deletedAt: '2026-03-01T00:00:02.000Z' });
const updated = new TaskUpdated({
  ...task,
  title: 'Pack both bags',
  description: '',
  priority: 'low',
  status: 'in_progress',
  updatedAt: '2026-03-01T00:00:03.000Z',
  changed: ['title', 'description', 'priority', 'category_id', 'due_date'],
});

/** The n-th event occurs in the n-th second of March. */
const second = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, n));

const rowAfter = (...events: readonly object[]) =>
  events.reduce<ReturnType<typeof taskList.fold.apply>>(
    (row, event, index) =>
      taskList.fold.apply(row, event, { version: index + 1, occurredAt: second(index + 1), actor: userId }),
    null,
  );

describe('The list of tasks', () => {
  it('shows nothing of a reminder', () => {
    const dueSoon = new TaskDueSoon({ ...task, dueDate: '2026-03-05T00:00:00.000Z' });
    expect(rowAfter(created, dueSoon)).toEqual(rowAfter(created));
  });

  it('shows a task as it was created', () => {
    expect(rowAfter(created)).toEqual({
      id: taskId,
      userId,
      title,
      description: 'and the charger',
      status: 'pending',
      priority: 'high',
      priorityRank: 3,
      categoryId,
      dueDate: new Date('2026-03-05T00:00:00.000Z'),
      completedAt: null,
      createdAt: second(1),
      updatedAt: second(1),
    });
  });

  it('shows neither due date nor category where there is none', () => {
    expect(rowAfter(new TaskCreated({ ...created, dueDate: undefined, categoryId: undefined }))).toMatchObject({
      dueDate: null,
      categoryId: null,
    });
  });

  it('shows an updated task as it is now, in the status that it has', () => {
    expect(rowAfter(created, started, updated)).toEqual({
      id: taskId,
      userId,
      title: 'Pack both bags',
      description: '',
      status: 'in_progress',
      priority: 'low',
      priorityRank: 1,
      categoryId: null,
      dueDate: null,
      completedAt: null,
      createdAt: second(1),
      updatedAt: second(3),
    });
  });

  it('shows that a task was started, and when it last changed', () => {
    expect(rowAfter(created, started)).toMatchObject({
      status: 'in_progress',
      createdAt: second(1),
      updatedAt: second(2),
    });
  });

  it('shows when a task was completed', () => {
    expect(rowAfter(created, started, completed)).toMatchObject({
      status: 'completed',
      completedAt: second(3),
      updatedAt: second(3),
    });
  });

  it('keeps showing when a task was completed that is updated after that', () => {
    const later = new TaskUpdated({ ...updated, status: 'completed' });
    expect(rowAfter(created, started, completed, later)).toMatchObject({
      status: 'completed',
      completedAt: second(3),
      updatedAt: second(4),
    });
  });

  it('shows a reopened task as pending and not completed', () => {
    expect(rowAfter(created, started, completed, reopened)).toMatchObject({
      status: 'pending',
      completedAt: null,
      updatedAt: second(4),
    });
  });

  it('shows that a task was cancelled', () => {
    expect(rowAfter(created, cancelled)).toMatchObject({ status: 'cancelled', updatedAt: second(2) });
  });

  it('does not show a task that was deleted', () => {
    expect(rowAfter(created, deleted)).toBeNull();
  });

  it('ranks priorities from low to urgent', () => {
    const ranks = TaskPriorities.map((priority) => rowAfter(new TaskCreated({ ...created, priority })));
    expect(ranks).toMatchObject([{ priorityRank: 1 }, { priorityRank: 2 }, { priorityRank: 3 }, { priorityRank: 4 }]);
  });

  it('takes the priority and the times of any task from its events alone', () => {
    const any = fc.record({ priority: fc.constantFrom(...TaskPriorities), description: fc.string() });
    fc.assert(
      fc.property(any, ({ priority, description }) => {
        const row = rowAfter(new TaskCreated({ ...created, priority, description }), completed);
        expect(row).toMatchObject({ priority, description, createdAt: second(1), updatedAt: second(2) });
      }),
    );
  });
});
