import { describe, it } from '@jest/globals';

import { StartTask } from '../contract/index.js';
import { InvalidTaskTransition, TaskNotFound } from '../domain/errors.js';
import { happened, owner, stranger, taskId, tasksScenario } from '../doubles/tasks-scenario.js';

const start = new StartTask({ taskId, userId: owner });

describe('Starting a task', () => {
  it('tells whose task it is and when that was', () =>
    tasksScenario().given(happened.created).when(start).then(happened.started));

  it('happens once', () =>
    tasksScenario().given(happened.created, happened.started).when(start).thenRejected(InvalidTaskTransition));

  it('is rejected to anyone but the owner, as if there were no task', () =>
    tasksScenario()
      .given(happened.created)
      .when(new StartTask({ taskId, userId: stranger }))
      .thenRejected(TaskNotFound));

  it('is rejected while there is no such task', () => tasksScenario().when(start).thenRejected(TaskNotFound));
});
