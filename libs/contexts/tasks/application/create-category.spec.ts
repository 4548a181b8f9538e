import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import { AdminOnly, builtInCategories, CategoryCreated, CategoryNameTaken, CreateCategory } from '../contract/index.js';
import { builtInId, categories, categoryId, owner, tasksScenario } from '../doubles/tasks-scenario.js';
import { CategoryListRow } from '../read-models/category-list.entity.js';

const create = new CreateCategory({ categoryId, ownerId: owner, name: 'Household', color: '#2E7D32' });
const createBuiltIn = new CreateCategory({ ...create, categoryId: builtInId, ownerId: null });

describe('Creating a category', () => {
  it('tells whose it is and how it is called', () => tasksScenario().when(create).then(categories.own));

  it('is shown in the list at once', () =>
    tasksScenario()
      .when(create)
      .thenRow(CategoryListRow, categoryId, { ownerId: owner, name: 'Household', version: 1 }));

  it('happens once under an id', () => tasksScenario().given(categories.own).when(create).thenRejected(AlreadyExists));

  it('is rejected when the name is taken', () =>
    tasksScenario().violating('category_list_name').when(create).thenRejected(CategoryNameTaken));

  it('makes one for everybody when an administrator asks', () =>
    tasksScenario().by(owner, 'user', 'admin').when(createBuiltIn).then(categories.builtIn));

  it('makes none for everybody when anyone else asks', () =>
    tasksScenario().by(owner, 'user', 'analyst').when(createBuiltIn).thenRejected(AdminOnly));

  it.each(builtInCategories)('makes $name for everybody', (command) =>
    tasksScenario()
      .by('system', 'admin')
      .when(command)
      .then(
        new CategoryCreated({
          categoryId: command.categoryId,
          name: command.name,
          description: command.description ?? '',
          color: command.color ?? '',
        }),
      ),
  );
});
