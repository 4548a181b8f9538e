import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  CreateTask,
  RemindOfDueDate,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskDueSoon,
  TaskPriorities,
  TaskReopened,
  TaskStarted,
  TaskStatuses,
  TaskUpdated,
  UpdateTask,
} from '../contract/index.js';
import { DueDateInPast, InvalidTaskTransition, NothingToUpdate, TaskNotFound } from './errors.js';
import { Task } from './task.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const owner = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const categoryId = '0196a1de-0000-7000-8000-0000000000c1';
const title = 'Pack the hospital bag';
const at = new Date('2026-03-01T10:00:00.000Z');
const now = at.toISOString();
const task = { taskId, userId: owner, title };

const created = new TaskCreated({ ...task, description: '', priority: 'high', status: 'pending' });
const started = new TaskStarted({ ...task, startedAt: now });
const completed = new TaskCompleted({ ...task, priority: 'high', completedAt: now });
const cancelled = new TaskCancelled({ ...task, status: 'cancelled', cancelledAt: now });
const reopened = new TaskReopened({ ...task, status: 'pending', reopenedAt: now });
const deleted = new TaskDeleted({ ...task, deletedAt: now });

const histories = {
  pending: [created],
  in_progress: [created, started],
  completed: [created, started, completed],
  cancelled: [created, cancelled],
};

const acts = {
  start: (one: Task, by: string) => one.start(by, at),
  complete: (one: Task, by: string) => one.complete(by, at),
  cancel: (one: Task, by: string) => one.cancel(by, at),
  reopen: (one: Task, by: string) => one.reopen(by, at),
};
const actNames = Object.keys(acts) as (keyof typeof acts)[];

function taskAfter(...events: readonly object[]): Task {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: owner }));
  return new Task(taskId).restore(new Task(taskId).replay(past), { at, actor: owner });
}

describe('A task', () => {
  it.each([
    ['pending', 'start', [started]],
    ['pending', 'complete', [completed]],
    ['pending', 'cancel', [cancelled]],
    ['in_progress', 'complete', [completed]],
    ['in_progress', 'cancel', [cancelled]],
    ['completed', 'reopen', [reopened]],
    ['cancelled', 'cancel', []],
  ] as const)('that is %s lets its owner %s it', (status, act, events) => {
    const one = taskAfter(...histories[status]);
    acts[act](one, owner);
    expect(one.recorded).toEqual(events);
  });

  it.each([
    ['pending', 'reopen'],
    ['in_progress', 'start'],
    ['in_progress', 'reopen'],
    ['completed', 'start'],
    ['completed', 'complete'],
    ['completed', 'cancel'],
    ['cancelled', 'start'],
    ['cancelled', 'complete'],
    ['cancelled', 'reopen'],
  ] as const)('that is %s lets nobody %s it, and says in which status it is', (status, act) => {
    const one = taskAfter(...histories[status]);
    expect(() => acts[act](one, owner)).toThrow(InvalidTaskTransition);
    expect(() => acts[act](one, owner)).toThrow(`a task that is ${status}`);
    expect(one.recorded).toEqual([]);
  });

  it.each(TaskStatuses.flatMap((status) => actNames.map((act) => [status, act] as const)))(
    'that is %s does not exist for a stranger who would %s it',
    (status, act) => {
      expect(() => acts[act](taskAfter(...histories[status]), stranger)).toThrow(TaskNotFound);
    },
  );

  it('that was reopened is as good as new', () => {
    const one = taskAfter(...histories.completed, reopened);
    one.start(owner, at);
    one.complete(owner, at);
    expect(one.recorded).toEqual([started, completed]);
  });

  it.each(TaskStatuses)('that is %s can be deleted by its owner, and is gone then', (status) => {
    const one = taskAfter(...histories[status]);
    one.delete(owner, at, { asAdmin: false });
    expect(one.recorded).toEqual([deleted]);
    expect(one.exists).toBe(false);
  });

  it('can be deleted by an administrator, and by nobody else', () => {
    expect(() => taskAfter(created).delete(stranger, at, { asAdmin: false })).toThrow(TaskNotFound);
    const one = taskAfter(created);
    one.delete(stranger, at, { asAdmin: true });
    expect(one.recorded).toEqual([deleted]);
  });

  it('keeps one life, whatever is tried on it', () => {
    const attempts = fc.array(fc.constantFrom(...actNames), { maxLength: 12 });
    fc.assert(
      fc.property(attempts, (tried) => {
        const one = taskAfter(created);
        for (const act of tried)
          try {
            acts[act](one, owner);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidTaskTransition);
          }
        const life = one.recorded.map((event) => event.constructor);
        expect(life.filter((type) => type === TaskCancelled).length).toBeLessThanOrEqual(1);
        expect([-1, life.length - 1]).toContain(life.indexOf(TaskCancelled));
      }),
    );
  });
});

describe('Opening a task', () => {
  const opened = (command: Partial<CreateTask>): readonly object[] => {
    const one = taskAfter();
    one.open(new CreateTask({ ...task, ...command }), at);
    return one.recorded;
  };

  it('takes medium priority, no description and no category where none is given', () => {
    expect(opened({})).toEqual([new TaskCreated({ ...task, description: '', priority: 'medium', status: 'pending' })]);
  });

  it('tells everything that was given', () => {
    expect(opened({ description: 'And the charger', priority: 'urgent', categoryId })).toMatchObject([
      { description: 'And the charger', priority: 'urgent', categoryId },
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
    expect(opened({ dueDate: now })).toHaveLength(1);
  });
});

describe('Updating a task', () => {
  const full = new TaskCreated({
    ...task,
    description: 'And the charger',
    priority: 'high',
    categoryId,
    status: 'pending',
    dueDate: '2026-03-05T00:00:00.000Z',
  });
  const updated = (changes: Partial<UpdateTask>, ...past: readonly object[]): readonly object[] => {
    const one = taskAfter(...(past.length > 0 ? past : [full]));
    one.update(new UpdateTask({ taskId, userId: owner, ...changes }), at);
    return one.recorded;
  };

  it('tells the whole task as it is now, and what changed', () => {
    expect(updated({ title: 'Pack both bags', priority: 'urgent' })).toEqual([
      new TaskUpdated({
        ...task,
        title: 'Pack both bags',
        description: 'And the charger',
        priority: 'urgent',
        categoryId,
        status: 'pending',
        dueDate: '2026-03-05T00:00:00.000Z',
        updatedAt: now,
        changed: ['title', 'priority'],
      }),
    ]);
  });

  it('clears the category and the due date by null', () => {
    const [event] = updated({ categoryId: null, dueDate: null });
    expect(event).toMatchObject({ changed: ['category_id', 'due_date'] });
    expect(event).not.toHaveProperty('categoryId');
    expect(event).not.toHaveProperty('dueDate');
  });

  it('lets a due date lie in the past', () => {
    expect(updated({ dueDate: '2020-01-01' })).toMatchObject([{ dueDate: '2020-01-01T00:00:00.000Z' }]);
  });

  it.each(TaskStatuses)('is allowed while it is %s, and leaves it so', (status) => {
    expect(updated({ description: 'And a book' }, ...histories[status])).toMatchObject([
      { status, changed: ['description'] },
    ]);
  });

  it.each([
    { title },
    { description: 'And the charger', priority: 'high' },
    { categoryId },
    { dueDate: '2026-03-05T02:00:00+02:00' },
  ] as const)('to what it is already (%o) changes nothing', (changes) => {
    expect(updated(changes)).toEqual([]);
  });

  it('counts from what was updated before', () => {
    const one = taskAfter(full);
    one.update(new UpdateTask({ taskId, userId: owner, dueDate: null, title: 'Pack both bags' }), at);
    one.update(new UpdateTask({ taskId, userId: owner, dueDate: null, title }), at);
    expect(one.recorded).toMatchObject([{ changed: ['title', 'due_date'] }, { changed: ['title'] }]);
  });

  it('needs a field to change', () => {
    expect(() => updated({})).toThrow(NothingToUpdate);
  });

  it('is for the owner alone, with or without a field', () => {
    const byStranger = (changes: Partial<UpdateTask>) => () =>
      taskAfter(full).update(new UpdateTask({ taskId, userId: stranger, ...changes }), at);
    expect(byStranger({ title: 'Mine now' })).toThrow(TaskNotFound);
    expect(byStranger({})).toThrow(TaskNotFound);
  });

  it('names a field as changed exactly if it is another than before', () => {
    const values = fc.record(
      {
        title: fc.constantFrom(title, 'Pack both bags'),
        description: fc.constantFrom('', 'And the charger'),
        priority: fc.constantFrom(...TaskPriorities),
        categoryId: fc.constantFrom(categoryId, null),
        dueDate: fc.constantFrom('2026-03-05', '2026-03-06', null),
      },
      { requiredKeys: [] },
    );
    const shown = ({ categoryId: category, dueDate, ...rest }: Partial<UpdateTask>) => ({
      ...rest,
      ...(category !== undefined && { category_id: category ?? undefined }),
      ...(dueDate !== undefined && { due_date: dueDate ? new Date(dueDate).toISOString() : undefined }),
    });
    const before: Record<string, unknown> = {
      title,
      description: full.description,
      priority: full.priority,
      category_id: categoryId,
      due_date: full.dueDate,
    };
    fc.assert(
      fc.property(values, (wanted) => {
        fc.pre(Object.keys(wanted).length > 0);
        const differing = Object.entries(shown(wanted)).filter(([field, value]) => value !== before[field]);
        const [event] = updated(wanted) as [TaskUpdated?];
        expect(new Set(event?.changed ?? [])).toEqual(new Set(differing.map(([field]) => field)));
      }),
    );
  });
});

describe('A reminder of a due date', () => {
  const dueDate = '2026-03-05T10:00:00.000Z';
  const due = new TaskCreated({ ...created, dueDate });
  const movedTo = (date?: string): TaskUpdated =>
    new TaskUpdated({ ...created, dueDate: date, updatedAt: now, changed: ['due_date'] });
  const dueSoon = (date = dueDate): TaskDueSoon => new TaskDueSoon({ ...task, dueDate: date });
  const reminded = (past: readonly object[], date = dueDate): readonly object[] => {
    const one = taskAfter(...past);
    one.remind(new RemindOfDueDate({ taskId, dueDate: date }));
    return one.recorded;
  };

  it('is for a task that is active', () => {
    expect(reminded([due])).toEqual([dueSoon()]);
    expect(reminded([due, started])).toEqual([dueSoon()]);
    expect(reminded([due, completed, reopened])).toEqual([dueSoon()]);
    expect(reminded([due, completed])).toEqual([]);
    expect(reminded([due, cancelled])).toEqual([]);
  });

  it('comes once for a due date, and again for another one', () => {
    const later = '2026-03-08T10:00:00.000Z';
    expect(reminded([due, dueSoon()])).toEqual([]);
    expect(reminded([due, dueSoon(), completed, reopened])).toEqual([]);
    expect(reminded([due, dueSoon(), movedTo(later)], later)).toEqual([dueSoon(later)]);
  });

  it('comes for the due date that stands, and no other', () => {
    const later = '2026-03-08T10:00:00.000Z';
    expect(reminded([due, movedTo(later)])).toEqual([]);
    expect(reminded([due, movedTo()])).toEqual([]);
    expect(reminded([created])).toEqual([]);
  });
});
