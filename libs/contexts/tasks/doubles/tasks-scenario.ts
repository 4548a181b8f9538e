import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { BelongingsLookup, CategoryLookup, TaskLookup } from '../application/ports.js';
import {
  CategoryCreated,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskReopened,
  TaskStarted,
} from '../contract/index.js';
import { TasksWorkerModule } from '../tasks.worker.module.js';
import { InMemoryBelongingsLookup } from './in-memory-belongings-lookup.js';
import { InMemoryCategoryLookup } from './in-memory-category-lookup.js';
import { InMemoryTaskLookup } from './in-memory-task-lookup.js';

/** Begins a story of this context. */
export const tasksScenario = (): Scenario =>
  scenario(TasksWorkerModule, {
    doubles: [
      { provide: CategoryLookup, useClass: InMemoryCategoryLookup },
      { provide: TaskLookup, useClass: InMemoryTaskLookup },
      { provide: BelongingsLookup, useClass: InMemoryBelongingsLookup },
    ],
  });

export const owner = '0196a1de-0000-7000-8000-00000000000a';
export const stranger = '0196a1de-0000-7000-8000-00000000000b';
export const taskId = '0196a1de-0000-7000-8000-000000000001';
/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';

const task = { taskId, userId: owner, title: 'Pack the hospital bag' };

/** What may have happened to one task, or happens to it now. */
export const happened = {
  created: new TaskCreated({ ...task, description: '', priority: 'high', status: 'pending' }),
  started: new TaskStarted({ ...task, startedAt: now }),
  completed: new TaskCompleted({ ...task, priority: 'high', completedAt: now }),
  cancelled: new TaskCancelled({ ...task, status: 'cancelled', cancelledAt: now }),
  reopened: new TaskReopened({ ...task, status: 'pending', reopenedAt: now }),
  deleted: new TaskDeleted({ ...task, deletedAt: now }),
};

export const categoryId = '0196a1de-0000-7000-8000-0000000000c1';
export const builtInId = '0196a1de-0000-7000-8000-0000000000c2';
export const foreignId = '0196a1de-0000-7000-8000-0000000000c3';

const details = { name: 'Household', description: '', color: '#2E7D32' };

/** One category each. */
export const categories = {
  own: new CategoryCreated({ ...details, categoryId, ownerId: owner }),
  builtIn: new CategoryCreated({ ...details, categoryId: builtInId }),
  foreign: new CategoryCreated({ ...details, categoryId: foreignId, ownerId: stranger }),
};
