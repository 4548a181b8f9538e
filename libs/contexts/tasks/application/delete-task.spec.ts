import { describe, it } from '@jest/globals';

import { DeleteTask } from '../contract/index.js';
import { TaskNotFound } from '../domain/errors.js';
import { happened, owner, stranger, taskId, tasksScenario } from '../doubles/tasks-scenario.js';
import { TaskListRow } from '../read-models/task-list.entity.js';

const deleting = new DeleteTask({ taskId, userId: owner });
const deletingAsStranger = new DeleteTask({ taskId, userId: stranger });

describe('Deleting a task', () => {
  it('tells whose task it was and when that was', () =>
    tasksScenario().given(happened.created).when(deleting).then(happened.deleted));

  it('takes it off the list', () =>
    tasksScenario().given(happened.created, happened.completed).when(deleting).thenRow(TaskListRow, taskId, null));

  it('is granted to administrators', () =>
    tasksScenario()
      .given(happened.created)
      .by(stranger, 'user', 'admin')
      .when(deletingAsStranger)
      .then(happened.deleted));

  it('is granted to the system in the name of its owner', () =>
    tasksScenario()
      .given(happened.created)
      .by('system:tasks.forget_user', 'system')
      .when(deleting)
      .then(happened.deleted));

  it('is rejected to anyone else, as if there were no task', () =>
    tasksScenario().given(happened.created).by(stranger, 'user').when(deletingAsStranger).thenRejected(TaskNotFound));

  it('happens once', () =>
    tasksScenario().given(happened.created, happened.deleted).when(deleting).thenRejected(TaskNotFound));
});
