import { describe, it } from '@jest/globals';

import { TaskUpdated, UpdateTask } from '../contract/index.js';
import { CategoryNotFound, NothingToUpdate, TaskNotFound } from '../domain/errors.js';
import {
  categories,
  categoryId,
  foreignId,
  happened,
  now,
  owner,
  stranger,
  taskId,
  tasksScenario,
} from '../doubles/tasks-scenario.js';
import { TaskListRow } from '../read-models/task-list.entity.js';

const update = (fields: Partial<UpdateTask>): UpdateTask => new UpdateTask({ taskId, userId: owner, ...fields });

describe('Updating a task', () => {
  it('tells the whole task as it is now, and what changed', () =>
    tasksScenario()
      .given(happened.created, happened.completed, categories.own)
      .when(update({ title: 'Pack both bags', categoryId }))
      .then(
        new TaskUpdated({
          ...happened.created,
          title: 'Pack both bags',
          categoryId,
          status: 'completed',
          updatedAt: now,
          changed: ['title', 'category_id'],
        }),
      ));

  it('is shown in the list at once', () =>
    tasksScenario()
      .given(happened.created, happened.completed)
      .when(update({ priority: 'low', dueDate: '2026-03-05' }))
      .thenRow(TaskListRow, taskId, {
        priority: 'low',
        priorityRank: 1,
        dueDate: new Date('2026-03-05'),
        status: 'completed',
        version: 3,
      }));

  it('to what it is already changes nothing', () =>
    tasksScenario()
      .given(happened.created)
      .when(update({ title: happened.created.title, categoryId: null }))
      .thenNothing());

  it('needs a field to change', () =>
    tasksScenario().given(happened.created).when(update({})).thenRejected(NothingToUpdate));

  it("does not put it into somebody else's category", () =>
    tasksScenario()
      .given(happened.created, categories.foreign)
      .when(update({ categoryId: foreignId }))
      .thenRejected(CategoryNotFound));

  it.each([{ title: 'Mine now' }, { categoryId }])(
    'is rejected to anyone but the owner, as if there were no task',
    (fields) =>
      tasksScenario()
        .given(happened.created)
        .when(update({ userId: stranger, ...fields }))
        .thenRejected(TaskNotFound),
  );

  it('is rejected once the task was deleted', () =>
    tasksScenario()
      .given(happened.created, happened.deleted)
      .when(update({ title: 'Pack both bags' }))
      .thenRejected(TaskNotFound));
});
