import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { TaskCompleted, TaskCreated, TaskPriorities, TaskStarted } from '../contract/index.js';
import { taskList } from './task-list.projection.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const title = 'Pack the hospital bag';

const created = new TaskCreated({
  taskId,
  userId,
  title,
  description: 'and the charger',
  priority: 'high',
  status: 'pending',
  dueDate: '2026-03-05T00:00:00.000Z',
});
const started = new TaskStarted({ taskId, userId, title, startedAt: '2026-03-01T00:00:02.000Z' });
const completed = new TaskCompleted({
  taskId,
  userId,
  title,
  priority: 'high',
  completedAt: '2026-03-01T00:00:03.000Z',
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
  it('shows a task as it was created', () => {
    expect(rowAfter(created)).toEqual({
      id: taskId,
      userId,
      title,
      description: 'and the charger',
      status: 'pending',
      priority: 'high',
      dueDate: new Date('2026-03-05T00:00:00.000Z'),
      completedAt: null,
      createdAt: second(1),
      updatedAt: second(1),
    });
  });

  it('shows no due date where there is none', () => {
    expect(rowAfter(new TaskCreated({ ...created, dueDate: undefined }))).toMatchObject({ dueDate: null });
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
