import { describe, it } from '@jest/globals';

import { ReopenTask } from '../contract/index.js';
import { InvalidTaskTransition, TaskNotFound } from '../domain/errors.js';
import { happened, owner, stranger, taskId, tasksScenario } from '../doubles/tasks-scenario.js';

const reopen = new ReopenTask({ taskId, userId: owner });

describe('Reopening a task', () => {
  it('tells whose task it is and when that was', () =>
    tasksScenario().given(happened.created, happened.completed).when(reopen).then(happened.reopened));

  it('happens once', () =>
    tasksScenario()
      .given(happened.created, happened.completed, happened.reopened)
      .when(reopen)
      .thenRejected(InvalidTaskTransition));

  it('is rejected for a task that was cancelled', () =>
    tasksScenario().given(happened.created, happened.cancelled).when(reopen).thenRejected(InvalidTaskTransition));

  it('is rejected to anyone but the owner, as if there were no task', () =>
    tasksScenario()
      .given(happened.created, happened.completed)
      .when(new ReopenTask({ taskId, userId: stranger }))
      .thenRejected(TaskNotFound));

  it('is rejected while there is no such task', () => tasksScenario().when(reopen).thenRejected(TaskNotFound));
});
