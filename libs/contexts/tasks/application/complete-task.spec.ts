import { describe, expect, it } from '@jest/globals';

import { FixedClock } from '#testing/doubles/fixed-clock.js';
import { InMemoryRepository } from '#testing/doubles/in-memory-repository.js';

import { CompleteTask, TaskCompleted, TaskCreated } from '../contract/index.js';
import { InvalidTaskTransition, TaskNotFound } from '../domain/errors.js';
import { Task } from '../domain/task.js';
import { CompleteTaskHandler } from './complete-task.handler.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const title = 'Pack the hospital bag';
const created = new TaskCreated({ taskId, userId, title, description: '', priority: 'medium', status: 'pending' });
const happened = new TaskCompleted({
  taskId,
  userId,
  title,
  priority: 'medium',
  completedAt: '2026-03-01T10:00:00.000Z',
});

function world(...past: readonly object[]) {
  const clock = new FixedClock('2026-03-01T10:00:00Z');
  const tasks = new InMemoryRepository(Task, clock, userId).given(taskId, ...past);
  return { tasks, handler: new CompleteTaskHandler(tasks, clock) };
}

describe('Completing a task', () => {
  it('tells whose task it is and when that was', async () => {
    const { tasks, handler } = world(created);
    await handler.execute(new CompleteTask({ taskId, userId }));
    expect(tasks.events(taskId)).toEqual([created, happened]);
  });

  it('happens once', async () => {
    const { tasks, handler } = world(created, happened);
    await expect(handler.execute(new CompleteTask({ taskId, userId }))).rejects.toThrow(InvalidTaskTransition);
    expect(tasks.events(taskId)).toEqual([created, happened]);
  });

  it('is rejected to anyone but the owner, as if there were no task', async () => {
    const { tasks, handler } = world(created);
    await expect(handler.execute(new CompleteTask({ taskId, userId: stranger }))).rejects.toThrow(TaskNotFound);
    expect(tasks.events(taskId)).toEqual([created]);
  });

  it('is rejected while there is no such task', async () => {
    await expect(world().handler.execute(new CompleteTask({ taskId, userId }))).rejects.toThrow(TaskNotFound);
  });
});
