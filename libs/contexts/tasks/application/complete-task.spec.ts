import { describe, it } from '@jest/globals';

import { CompleteTask } from '../contract/index.js';
import { InvalidTaskTransition, TaskNotFound } from '../domain/errors.js';
import { happened, owner, stranger, taskId, tasksScenario } from '../doubles/tasks-scenario.js';

const complete = new CompleteTask({ taskId, userId: owner });

describe('Completing a task', () => {
  it('tells whose task it is and when that was', () =>
    tasksScenario().given(happened.created).when(complete).then(happened.completed));

  it('happens once', () =>
    tasksScenario().given(happened.created, happened.completed).when(complete).thenRejected(InvalidTaskTransition));

  it('is rejected to anyone but the owner, as if there were no task', () =>
    tasksScenario()
      .given(happened.created)
      .when(new CompleteTask({ taskId, userId: stranger }))
      .thenRejected(TaskNotFound));

  it('is rejected while there is no such task', () => tasksScenario().when(complete).thenRejected(TaskNotFound));
});
