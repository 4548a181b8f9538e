import { describe, it } from '@jest/globals';

import { CancelTask } from '../contract/index.js';
import { InvalidTaskTransition, TaskNotFound } from '../domain/errors.js';
import { happened, owner, stranger, taskId, tasksScenario } from '../doubles/tasks-scenario.js';

const cancel = new CancelTask({ taskId, userId: owner });

describe('Cancelling a task', () => {
  it('tells whose task it is and when that was', () =>
    tasksScenario().given(happened.created).when(cancel).then(happened.cancelled));

  it('changes nothing when it was cancelled before', () =>
    tasksScenario().given(happened.created, happened.cancelled).when(cancel).thenNothing());

  it('is rejected for a task that is completed', () =>
    tasksScenario().given(happened.created, happened.completed).when(cancel).thenRejected(InvalidTaskTransition));

  it('is rejected to anyone but the owner, as if there were no task', () =>
    tasksScenario()
      .given(happened.created)
      .when(new CancelTask({ taskId, userId: stranger }))
      .thenRejected(TaskNotFound));

  it('is rejected while there is no such task', () => tasksScenario().when(cancel).thenRejected(TaskNotFound));
});
