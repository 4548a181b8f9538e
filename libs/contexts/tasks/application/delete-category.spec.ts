import { describe, it } from '@jest/globals';

import { CategoryDeleted, DeleteCategory, TaskCreated } from '../contract/index.js';
import { CategoryInUse, CategoryNotFound } from '../domain/errors.js';
import {
  builtInId,
  categories,
  categoryId,
  happened,
  now,
  owner,
  stranger,
  tasksScenario,
} from '../doubles/tasks-scenario.js';
import { CategoryListRow } from '../read-models/category-list.entity.js';

const deleting = new DeleteCategory({ categoryId, userId: owner });
const deletingBuiltIn = new DeleteCategory({ categoryId: builtInId, userId: owner });

describe('Deleting a category', () => {
  it('tells whose it was and how it was called', () =>
    tasksScenario()
      .given(categories.own, happened.created)
      .when(deleting)
      .then(new CategoryDeleted({ categoryId, ownerId: owner, name: 'Household', deletedAt: now })));

  it('takes it off the list', () =>
    tasksScenario().given(categories.own).when(deleting).thenRow(CategoryListRow, categoryId, null));

  it("is rejected while anybody's task is in it, completed or not", () =>
    tasksScenario()
      .given(
        categories.builtIn,
        new TaskCreated({ ...happened.created, userId: stranger, categoryId: builtInId }),
        happened.completed,
      )
      .by(owner, 'admin')
      .when(deletingBuiltIn)
      .thenRejected(CategoryInUse));

  it('is granted to the system before the tasks in it are gone, which it deletes too', () =>
    tasksScenario()
      .given(categories.own, new TaskCreated({ ...happened.created, categoryId }))
      .by('system:tasks.forget_user', 'system')
      .when(deleting)
      .thenRow(CategoryListRow, categoryId, null));

  it('is granted once the last task in it was deleted', () =>
    tasksScenario()
      .given(categories.own, new TaskCreated({ ...happened.created, categoryId }), happened.deleted)
      .when(deleting)
      .thenRow(CategoryListRow, categoryId, null));

  it('is granted to administrators for built-in categories', () =>
    tasksScenario()
      .given(categories.builtIn)
      .by(owner, 'admin')
      .when(deletingBuiltIn)
      .then(new CategoryDeleted({ categoryId: builtInId, name: 'Household', deletedAt: now })));

  it('is rejected to anyone else, as if there were no category', async () => {
    await tasksScenario().given(categories.builtIn).when(deletingBuiltIn).thenRejected(CategoryNotFound);
    await tasksScenario()
      .given(categories.own)
      .when(new DeleteCategory({ categoryId, userId: stranger }))
      .thenRejected(CategoryNotFound);
  });
});
