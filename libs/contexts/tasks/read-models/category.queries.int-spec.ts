import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Cursors } from '#platform/http/cursors.js';
import type { Paged } from '#platform/http/page.js';

import { CategoryCreated, CategoryDeleted, CategoryUpdated, TaskCreated } from '../contract/index.js';
import { RecordedTasks } from '../doubles/recorded-tasks.js';
import { categoryList } from './category-list.projection.js';
import type { CategoryView } from './category-views.js';
import { CategoryListPage, CategoryQueries } from './category.queries.js';

const at = '2026-03-01T10:00:00.000Z';

let recorded: RecordedTasks;
let queries: CategoryQueries;

beforeAll(async () => {
  recorded = await RecordedTasks.create();
  queries = new CategoryQueries(recorded.reading, new Cursors('a secret'));
});
afterAll(() => recorded.remove());

const user = (...roles: readonly string[]): AuthenticatedUser => ({ id: randomUUID(), roles: ['user', ...roles] });

async function category(owner: AuthenticatedUser | null, name: string, when = at): Promise<CategoryCreated> {
  const created = new CategoryCreated({
    categoryId: newId(),
    ownerId: owner?.id,
    name,
    description: `All about ${name}`,
    color: '#2E7D32',
  });
  await recorded.happened(when, created);
  return created;
}

const renamed = (created: CategoryCreated, name: string): CategoryUpdated =>
  new CategoryUpdated({ ...created, name, updatedAt: at, changed: ['name'] });
const deleted = ({ categoryId, ownerId, name }: CategoryCreated): CategoryDeleted =>
  new CategoryDeleted({ categoryId, ownerId, name, deletedAt: at });

async function task(owner: AuthenticatedUser, { categoryId }: CategoryCreated): Promise<void> {
  const title = 'Pack the hospital bag';
  await recorded.happened(
    at,
    new TaskCreated({
      taskId: newId(),
      userId: owner.id,
      title,
      description: '',
      priority: 'low',
      categoryId,
      status: 'pending',
    }),
  );
}

describe('One category', () => {
  it('is shown with the number of your own tasks in it', async () => {
    const [me, other] = [user(), user()];
    const builtIn = await category(null, newId());
    await task(me, builtIn);
    await task(me, builtIn);
    await task(other, builtIn);
    expect(await queries.byId(builtIn.categoryId, me)).toEqual({
      id: builtIn.categoryId,
      version: 1,
      owner_id: null,
      name: builtIn.name,
      description: `All about ${builtIn.name}`,
      color: '#2E7D32',
      created_at: new Date(at),
      updated_at: new Date(at),
      task_count: 2,
    });
    expect(await queries.byId(builtIn.categoryId, user())).toMatchObject({ task_count: 0 });
  });

  it("is shown to its owner and to administrators, if it isn't built-in", async () => {
    const me = user();
    const own = await category(me, 'Household');
    expect(await queries.byId(own.categoryId, me)).toMatchObject({ owner_id: me.id });
    expect(await queries.byId(own.categoryId, user('admin'))).toMatchObject({ owner_id: me.id });
    expect(await queries.byId(own.categoryId, user())).toBeUndefined();
  });

  it('is not shown any more once it was deleted', async () => {
    const me = user();
    const own = await category(me, 'Household');
    await recorded.happened(at, deleted(own));
    expect(await queries.byId(own.categoryId, me)).toBeUndefined();
  });
});

describe('The list of categories', () => {
  const me = user();

  beforeAll(async () => {
    for (const [index, name] of ['cellar', 'Attic', 'bath', 'Zoo', 'Émile', 'zoo 2'].entries())
      await category(index % 2 ? me : null, name, `2026-03-01T10:00:0${index % 3}Z`);
    await category(user(), 'A room of one’s own');
  });

  async function names(page: Partial<CategoryListPage>): Promise<string[]> {
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next_cursor }: Paged<Wire<CategoryView>> = await queries.list(
        new CategoryListPage({ ...page, cursor }),
        me,
      );
      read.push(...items.filter(({ name }) => name.length < 10).map(({ name }) => name));
      cursor = next_cursor ?? undefined;
    } while (cursor);
    return read;
  }

  it.each([1, 2, 100])(
    'shows the built-in ones and your own by name, in capitals or not, %i at a time',
    async (limit) => {
      expect(await names({ limit })).toEqual(['Attic', 'bath', 'cellar', 'Zoo', 'zoo 2', 'Émile']);
      expect(await names({ limit, sort: '-name' })).toEqual(['Émile', 'zoo 2', 'Zoo', 'cellar', 'bath', 'Attic']);
    },
  );

  it('is sorted by age, those of one moment by id', async () => {
    expect(await names({ limit: 2, sort: 'created_at' })).toEqual(['cellar', 'Zoo', 'Attic', 'Émile', 'bath', 'zoo 2']);
    expect(await names({ limit: 2, sort: '-created_at' })).toEqual([
      'zoo 2',
      'bath',
      'Émile',
      'Attic',
      'Zoo',
      'cellar',
    ]);
  });

  it('counts what it has in all', async () => {
    const page = new CategoryListPage({ include: 'total', limit: 1 });
    const { total } = await queries.list(page, me);
    expect(total).toBe((await queries.list(new CategoryListPage({ limit: 100 }), me)).items.length);
  });
});

describe('The name of a category', () => {
  const violation = { schema: 'tasks', constraint: Object.keys(categoryList.unique)[0] };

  it('is taken within the categories of one owner, in capitals or not', async () => {
    const me = user();
    await category(me, 'Household');
    await expect(category(me, 'HOUSEHOLD')).rejects.toMatchObject(violation);
    await expect(category(user(), 'Household')).resolves.toBeDefined();
  });

  it('is taken within the built-in ones', async () => {
    const builtIn = await category(null, `Büro ${newId()}`);
    await expect(category(null, builtIn.name.toUpperCase())).rejects.toMatchObject(violation);
    await expect(category(user(), builtIn.name)).resolves.toBeDefined();
  });

  it('is taken by renaming, too', async () => {
    const me = user();
    await category(me, 'Household');
    const other = await category(me, 'Garden');
    await expect(recorded.happened(at, renamed(other, 'household'))).rejects.toMatchObject(violation);
    await recorded.happened(at, renamed(other, 'GARDEN'));
  });

  it('is free again once its category was deleted or renamed', async () => {
    const me = user();
    const first = await category(me, 'Household');
    await recorded.happened(at, deleted(first));
    const second = await category(me, 'Household');
    await recorded.happened(at, renamed(second, 'House'));
    await expect(category(me, 'Household')).resolves.toBeDefined();
  });
});
