import { describe, expect, it } from '@jest/globals';

import { CreateTask, TaskCompleted, TaskCreated, TaskStarted } from '../contract/index.js';
import { DueDateInPast, InvalidTaskTransition, TaskNotFound } from './errors.js';
import { Task } from './task.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const owner = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const title = 'Pack the hospital bag';
const at = new Date('2026-03-01T10:00:00.000Z');

const created = new TaskCreated({ taskId, userId: owner, title, description: '', priority: 'high', status: 'pending' });
const started = new TaskStarted({ taskId, userId: owner, title, startedAt: at.toISOString() });
const completed = new TaskCompleted({ taskId, userId: owner, title, priority: 'high', completedAt: at.toISOString() });

const histories = { pending: [created], in_progress: [created, started], completed: [created, started, completed] };

function taskAfter(...events: readonly object[]): Task {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: owner }));
  return new Task(taskId).restore(new Task(taskId).replay(past), { at, actor: owner });
}

const acts = {
  start: (task: Task, by: string) => task.start(by, at),
  complete: (task: Task, by: string) => task.complete(by, at),
};

describe('A task', () => {
  it.each([
    ['pending', 'start', started],
    ['pending', 'complete', completed],
    ['in_progress', 'complete', completed],
  ] as const)('that is %s lets its owner %s it', (status, act, event) => {
    const task = taskAfter(...histories[status]);
    acts[act](task, owner);
    expect(task.recorded).toEqual([event]);
  });

  it.each([
    ['in_progress', 'start'],
    ['completed', 'start'],
    ['completed', 'complete'],
  ] as const)('that is %s lets nobody %s it', (status, act) => {
    const task = taskAfter(...histories[status]);
    expect(() => acts[act](task, owner)).toThrow(InvalidTaskTransition);
    expect(task.recorded).toEqual([]);
  });

  it.each(
    (['pending', 'in_progress', 'completed'] as const).flatMap((status) =>
      (['start', 'complete'] as const).map((act) => [status, act] as const),
    ),
  )('that is %s does not exist for a stranger who would %s it', (status, act) => {
    expect(() => acts[act](taskAfter(...histories[status]), stranger)).toThrow(TaskNotFound);
  });
});

describe('Opening a task', () => {
  const opened = (command: Partial<CreateTask>): readonly object[] => {
    const task = taskAfter();
    task.open(new CreateTask({ taskId, userId: owner, title, ...command }), at);
    return task.recorded;
  };

  it('takes medium priority and no description where none is given', () => {
    expect(opened({})).toEqual([
      new TaskCreated({ taskId, userId: owner, title, description: '', priority: 'medium', status: 'pending' }),
    ]);
  });

  it('tells the due date in UTC', () => {
    expect(opened({ dueDate: '2026-03-05T09:30:00+02:00' })).toMatchObject([{ dueDate: '2026-03-05T07:30:00.000Z' }]);
  });

  it('refuses a due date that has passed', () => {
    expect(() => opened({ dueDate: '2026-03-01T09:59:59.999Z' })).toThrow(DueDateInPast);
    expect(() => opened({ dueDate: '2026-02-28' })).toThrow('the due date 2026-02-28T00:00:00.000Z has passed');
  });

  it('lets a task be due at this moment', () => {
    expect(opened({ dueDate: at.toISOString() })).toHaveLength(1);
  });
});
