import { describe, expect, it } from '@jest/globals';

import { UserCreated } from '#contexts/users/contract/index.js';
import { derivedId, send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { CreateTask, TaskCreated } from '../contract/index.js';
import { owner, tasksScenario } from '../doubles/tasks-scenario.js';
import { TasksWorkerModule } from '../tasks.worker.module.js';
import { welcome } from './welcome.policy.js';

const story = () => policyStory(TasksWorkerModule);

const created = new UserCreated({
  userId: owner,
  email: 'ada@example.org',
  username: 'ada_l',
  name: 'Ada L.',
  isActive: true,
  isVerified: false,
});
const taskId = derivedId('tasks.welcome', owner);
const first = {
  taskId,
  userId: owner,
  title: 'Have a look around',
  description: expect.stringContaining('Add one of your own next') as never,
  priority: 'low',
} as const;

/** The one command that follows. */
function wanted(): CreateTask {
  const [consequence] = welcome.then(created as never, undefined as never, {} as never);
  if (consequence?.kind !== 'send') throw new Error('nothing is sent');
  return consequence.command as CreateTask;
}

describe('Somebody who is new', () => {
  it('gets a first task, which says what to do next', async () => {
    expect(wanted()).toEqual(expect.objectContaining(first));
    await story().on(created).then(send(wanted()));
  });

  it('may have it as any other task', () => {
    const { title, description = '' } = wanted();
    return tasksScenario()
      .by('system:tasks.welcome', 'system')
      .when(wanted())
      .then(new TaskCreated({ taskId, userId: owner, title, description, priority: 'low', status: 'pending' }));
  });

  it('gets none when they are forgotten already', () =>
    story()
      .on(new UserCreated({ ...created, email: '', username: '', name: '' }))
      .thenNothing());
});
