import { describe, it } from '@jest/globals';

import { UserDeleted } from '#contexts/auth/contract/index.js';
import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { CategoryCreated, DeleteCategory, DeleteTask, TaskCreated } from '../contract/index.js';
import { InMemoryBelongingsLookup } from '../doubles/in-memory-belongings-lookup.js';
import { categories, categoryId, happened, now, owner, stranger, taskId } from '../doubles/tasks-scenario.js';
import { TasksWorkerModule } from '../tasks.worker.module.js';
import { BelongingsLookup } from './ports.js';

const story = () =>
  policyStory(TasksWorkerModule, { doubles: [{ provide: BelongingsLookup, useClass: InMemoryBelongingsLookup }] });

const deleted = new UserDeleted({ userId: owner, emailHash: 'f3d1c1e8a5', deletedAt: now });
const anotherTask = '0196a1de-0000-7000-8000-000000000002';

describe('A user who was deleted', () => {
  it('leaves no task, done or not, and no category', () =>
    story()
      .given(
        categories.own,
        new TaskCreated({ ...happened.created, categoryId }),
        new TaskCreated({ ...happened.created, taskId: anotherTask }),
        happened.completed,
      )
      .on(deleted)
      .then(
        send(new DeleteTask({ taskId, userId: owner })),
        send(new DeleteTask({ taskId: anotherTask, userId: owner })),
        send(new DeleteCategory({ categoryId, userId: owner })),
      ));

  it('leaves alone what is built-in or belongs to others', () =>
    story()
      .given(
        categories.builtIn,
        new CategoryCreated({ ...categories.own, ownerId: stranger }),
        new TaskCreated({ ...happened.created, userId: stranger }),
      )
      .on(deleted)
      .thenNothing());

  it('leaves what is deleted already', () =>
    story().given(happened.created, happened.deleted).on(deleted).thenNothing());
});
