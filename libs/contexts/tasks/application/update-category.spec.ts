import { describe, it } from '@jest/globals';

import { CategoryNameTaken, CategoryUpdated, UpdateCategory } from '../contract/index.js';
import { CategoryNotFound, NothingToUpdate } from '../domain/errors.js';
import { builtInId, categories, categoryId, now, owner, stranger, tasksScenario } from '../doubles/tasks-scenario.js';

const update = (fields: Partial<UpdateCategory>): UpdateCategory =>
  new UpdateCategory({ categoryId, userId: owner, ...fields });
const renameBuiltIn = update({ categoryId: builtInId, name: 'House' });

describe('Updating a category', () => {
  it('tells the whole category as it is now, and what changed', () =>
    tasksScenario()
      .given(categories.own)
      .when(update({ name: 'House', color: '#2E7D32' }))
      .then(new CategoryUpdated({ ...categories.own, name: 'House', updatedAt: now, changed: ['name'] })));

  it('to what it is already changes nothing', () =>
    tasksScenario()
      .given(categories.own)
      .when(update({ name: 'Household' }))
      .thenNothing());

  it('needs a field to change', () =>
    tasksScenario().given(categories.own).when(update({})).thenRejected(NothingToUpdate));

  it('is rejected when the name is taken', () =>
    tasksScenario()
      .given(categories.own)
      .violating('category_list_name')
      .when(update({ name: 'Garden' }))
      .thenRejected(CategoryNameTaken));

  it('is granted to administrators for built-in categories', () =>
    tasksScenario()
      .given(categories.builtIn)
      .by(owner, 'admin')
      .when(renameBuiltIn)
      .then(new CategoryUpdated({ ...categories.builtIn, name: 'House', updatedAt: now, changed: ['name'] })));

  it('is rejected to anyone else, as if there were no category', async () => {
    await tasksScenario().given(categories.builtIn).when(renameBuiltIn).thenRejected(CategoryNotFound);
    await tasksScenario()
      .given(categories.own)
      .when(update({ userId: stranger, name: 'Mine now' }))
      .thenRejected(CategoryNotFound);
  });
});
