import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import { CreateTask, TaskCreated } from '../contract/index.js';
import { CategoryNotFound, DueDateInPast } from '../domain/errors.js';
import {
  builtInId,
  categories,
  categoryId,
  foreignId,
  happened,
  owner,
  taskId,
  tasksScenario,
} from '../doubles/tasks-scenario.js';

const title = 'Pack the hospital bag';
const create = (fields: Partial<CreateTask> = {}): CreateTask =>
  new CreateTask({ taskId, userId: owner, title, ...fields });

describe('Creating a task', () => {
  it('tells what is to be done, by whom and until when', () =>
    tasksScenario()
      .given(categories.own)
      .when(create({ priority: 'high', categoryId, dueDate: '2026-03-05T00:00:00Z' }))
      .then(
        new TaskCreated({
          taskId,
          userId: owner,
          title,
          description: '',
          priority: 'high',
          categoryId,
          status: 'pending',
          dueDate: '2026-03-05T00:00:00.000Z',
        }),
      ));

  it('happens once under an id', () =>
    tasksScenario().given(happened.created).when(create()).thenRejected(AlreadyExists));

  it('does not happen again under the id of a task that was deleted', () =>
    tasksScenario().given(happened.created, happened.deleted).when(create()).thenRejected(AlreadyExists));

  it('measures the due date by the time at which the command was accepted', () =>
    tasksScenario()
      .at('2026-03-05T00:00:00.001Z')
      .when(create({ dueDate: '2026-03-05T00:00:00Z' }))
      .thenRejected(DueDateInPast));

  it('may put it into a built-in category', () =>
    tasksScenario()
      .given(categories.builtIn)
      .when(create({ categoryId: builtInId }))
      .then(
        new TaskCreated({
          taskId,
          userId: owner,
          title,
          description: '',
          priority: 'medium',
          categoryId: builtInId,
          status: 'pending',
        }),
      ));

  it("does not put it into somebody else's category", () =>
    tasksScenario()
      .given(categories.foreign)
      .when(create({ categoryId: foreignId }))
      .thenRejected(CategoryNotFound));

  it('does not put it into a category that is not there', () =>
    tasksScenario().when(create({ categoryId })).thenRejected(CategoryNotFound));
});
