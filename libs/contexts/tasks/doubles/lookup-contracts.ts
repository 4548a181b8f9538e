import { expect, it } from '@jest/globals';

import type { BelongingsLookup, CategoryLookup, TaskLookup } from '../application/ports.js';
import {
  CategoryCreated,
  CategoryDeleted,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskUpdated,
} from '../contract/index.js';

type Asking<Lookup> = (past: readonly object[], ask: (lookup: Lookup) => Promise<void>) => Promise<void>;

const ann = '0196a1de-0000-7000-8000-00000000000a';
const bob = '0196a1de-0000-7000-8000-00000000000b';
const at = '2026-03-01T10:00:00.000Z';
let made = 0;
const newId = (): string => `0196a1de-0000-7000-8000-0000000d${String(++made).padStart(4, '0')}`;

/** What every `CategoryLookup` promises. */
export function categoryLookupContract(asking: Asking<CategoryLookup>): void {
  const category = { name: 'Household', description: '', color: '#000000' };

  it('lets everybody use a built-in category', async () => {
    const categoryId = newId();
    await asking([new CategoryCreated({ ...category, categoryId, name: categoryId })], async (categories) => {
      expect(await categories.isUsable(categoryId, ann)).toBe(true);
      expect(await categories.isUsable(categoryId, bob)).toBe(true);
    });
  });

  it('lets nobody but its owner use a category', async () => {
    const categoryId = newId();
    await asking(
      [new CategoryCreated({ ...category, categoryId, ownerId: ann, name: categoryId })],
      async (categories) => {
        expect(await categories.isUsable(categoryId, ann)).toBe(true);
        expect(await categories.isUsable(categoryId, bob)).toBe(false);
      },
    );
  });

  it('knows a category however its id is written', async () => {
    const categoryId = newId();
    await asking([new CategoryCreated({ ...category, categoryId, name: categoryId })], async (categories) =>
      expect(await categories.isUsable(categoryId.toUpperCase(), ann)).toBe(true),
    );
  });

  it('lets nobody use a category that is not there, or not any more', async () => {
    const categoryId = newId();
    const own = { categoryId, ownerId: ann, name: categoryId };
    const past = [new CategoryCreated({ ...category, ...own }), new CategoryDeleted({ ...own, deletedAt: at })];
    await asking(past, async (categories) => {
      expect(await categories.isUsable(categoryId, ann)).toBe(false);
      expect(await categories.isUsable(newId(), ann)).toBe(false);
    });
  });
}

/** What every `TaskLookup` promises. */
export function taskLookupContract(asking: Asking<TaskLookup>): void {
  const task = { userId: ann, title: 'Pack the hospital bag' };
  const created = (taskId: string, categoryId?: string): TaskCreated =>
    new TaskCreated({ ...task, taskId, description: '', priority: 'low', categoryId, status: 'pending' });
  const moved = (taskId: string, categoryId?: string): TaskUpdated =>
    new TaskUpdated({
      ...task,
      taskId,
      description: '',
      priority: 'low',
      categoryId,
      status: 'pending',
      updatedAt: at,
      changed: ['category_id'],
    });

  it('finds a task where it was created, in whatever status it is', async () => {
    const [taskId, categoryId] = [newId(), newId()];
    const past = [
      created(taskId, categoryId),
      new TaskCompleted({ ...task, taskId, priority: 'low', completedAt: at }),
    ];
    await asking(past, async (tasks) => expect(await tasks.isAnyIn(categoryId)).toBe(true));
  });

  it('finds a task where it was put last', async () => {
    const [taskId, before, after] = [newId(), newId(), newId()];
    await asking([created(taskId, before), moved(taskId, after)], async (tasks) => {
      expect(await tasks.isAnyIn(before)).toBe(false);
      expect(await tasks.isAnyIn(after)).toBe(true);
    });
  });

  it('finds no task that was deleted, or is in no category', async () => {
    const [taskId, other, categoryId] = [newId(), newId(), newId()];
    const past = [created(taskId, categoryId), new TaskDeleted({ ...task, taskId, deletedAt: at }), created(other)];
    await asking(past, async (tasks) => expect(await tasks.isAnyIn(categoryId)).toBe(false));
  });

  it('tells when a task is due, as it was set last', async () => {
    const taskId = newId();
    const past = [
      new TaskCreated({ ...created(taskId), dueDate: '2026-03-05T10:00:00.000Z' }),
      new TaskUpdated({ ...moved(taskId), dueDate: '2026-03-06T10:00:00.250Z', changed: ['due_date'] }),
    ];
    await asking(past, async (tasks) =>
      expect(await tasks.dueDateOf(taskId)).toEqual(new Date('2026-03-06T10:00:00.250Z')),
    );
  });

  it('tells nothing of a task that has no due date, was deleted, or never was', async () => {
    const [taskId, deletedId] = [newId(), newId()];
    const past = [
      created(taskId),
      new TaskCreated({ ...created(deletedId), dueDate: '2026-03-05T10:00:00.000Z' }),
      new TaskDeleted({ ...task, taskId: deletedId, deletedAt: at }),
    ];
    await asking(past, async (tasks) => {
      for (const id of [taskId, deletedId, newId()]) expect(await tasks.dueDateOf(id)).toBeUndefined();
    });
  });
}

/** What every `BelongingsLookup` promises. */
export function belongingsLookupContract(asking: Asking<BelongingsLookup>): void {
  const created = (taskId: string, userId: string): TaskCreated =>
    new TaskCreated({ taskId, userId, title: 'Pack', description: '', priority: 'low', status: 'pending' });
  const category = (categoryId: string, ownerId?: string): CategoryCreated =>
    new CategoryCreated({ categoryId, ownerId, name: categoryId, description: '', color: '#000000' });

  it('finds all tasks and categories of a person, and nothing of others', async () => {
    const [cat, dan] = [newId(), newId()];
    const [first, second, other, own, foreign, builtIn] = [newId(), newId(), newId(), newId(), newId(), newId()];
    const past = [
      created(second, cat),
      created(first, cat),
      new TaskCompleted({ taskId: first, userId: cat, title: 'Pack', priority: 'low', completedAt: at }),
      created(other, dan),
      category(own, cat),
      category(foreign, dan),
      category(builtIn),
    ];
    await asking(past, async (belongings) =>
      expect(await belongings.of(cat)).toEqual({ taskIds: [first, second], categoryIds: [own] }),
    );
  });

  it('finds nothing of whom nothing is there, or not any more', async () => {
    const [eve, taskId, categoryId] = [newId(), newId(), newId()];
    const past = [
      created(taskId, eve),
      new TaskDeleted({ taskId, userId: eve, title: 'Pack', deletedAt: at }),
      category(categoryId, eve),
      new CategoryDeleted({ categoryId, ownerId: eve, name: categoryId, deletedAt: at }),
    ];
    await asking(past, async (belongings) =>
      expect(await belongings.of(eve)).toEqual({ taskIds: [], categoryIds: [] }),
    );
  });
}
