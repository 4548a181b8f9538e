import { describe, expect, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';
import { FixedClock } from '#testing/doubles/fixed-clock.js';
import { InMemoryRepository } from '#testing/doubles/in-memory-repository.js';

import { CreateTask, TaskCreated } from '../contract/index.js';
import { DueDateInPast } from '../domain/errors.js';
import { Task } from '../domain/task.js';
import { CreateTaskHandler } from './create-task.handler.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const create = new CreateTask({
  taskId,
  userId,
  title: 'Pack the hospital bag',
  priority: 'high',
  dueDate: '2026-03-05T00:00:00Z',
});

function world() {
  const clock = new FixedClock('2026-03-01T10:00:00Z');
  const tasks = new InMemoryRepository(Task, clock, userId);
  return { clock, tasks, handler: new CreateTaskHandler(tasks, clock) };
}

describe('Creating a task', () => {
  it('tells what is to be done, by whom and until when', async () => {
    const { tasks, handler } = world();
    await handler.execute(create);
    expect(tasks.events(taskId)).toEqual([
      new TaskCreated({
        taskId,
        userId,
        title: 'Pack the hospital bag',
        description: '',
        priority: 'high',
        status: 'pending',
        dueDate: '2026-03-05T00:00:00.000Z',
      }),
    ]);
  });

  it('happens once under an id', async () => {
    const { tasks, handler } = world();
    await handler.execute(create);
    await expect(handler.execute(create)).rejects.toThrow(AlreadyExists);
    expect(tasks.events(taskId)).toHaveLength(1);
  });

  it('measures the due date by the time at which the command was accepted', async () => {
    const { clock, tasks, handler } = world();
    clock.set('2026-03-05T00:00:00.001Z');
    await expect(handler.execute(create)).rejects.toThrow(DueDateInPast);
    expect(tasks.events(taskId)).toEqual([]);
  });
});
