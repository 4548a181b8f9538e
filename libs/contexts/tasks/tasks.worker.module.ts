import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { PostgresBelongingsLookup } from './adapters/lookups/postgres-belongings.lookup.js';
import { PostgresCategoryLookup } from './adapters/lookups/postgres-category.lookup.js';
import { PostgresTaskLookup } from './adapters/lookups/postgres-task.lookup.js';
import { CancelTaskHandler } from './application/cancel-task.handler.js';
import { CompleteTaskHandler } from './application/complete-task.handler.js';
import { CreateCategoryHandler } from './application/create-category.handler.js';
import { CreateTaskHandler } from './application/create-task.handler.js';
import { DeleteCategoryHandler } from './application/delete-category.handler.js';
import { DeleteTaskHandler } from './application/delete-task.handler.js';
import { forgetUser } from './application/forget-user.policy.js';
import {
  BelongingsLookup,
  CategoryLookup,
  CategoryRepository,
  TaskLookup,
  TaskRepository,
} from './application/ports.js';
import { RemindOfDueDateHandler } from './application/remind-of-due-date.handler.js';
import { remindOfDueDate } from './application/remind-of-due-date.policy.js';
import { ReopenTaskHandler } from './application/reopen-task.handler.js';
import { StartTaskHandler } from './application/start-task.handler.js';
import { UpdateCategoryHandler } from './application/update-category.handler.js';
import { UpdateTaskHandler } from './application/update-task.handler.js';
import { welcome } from './application/welcome.policy.js';
import { Category } from './domain/category.js';
import { Task } from './domain/task.js';
import { categoryList } from './read-models/category-list.projection.js';
import { countedTasks } from './read-models/counted-tasks.projection.js';
import { taskList } from './read-models/task-list.projection.js';

@ContextWorkerModule({
  name: 'tasks',
  handlers: [
    CreateTaskHandler,
    UpdateTaskHandler,
    StartTaskHandler,
    CompleteTaskHandler,
    CancelTaskHandler,
    ReopenTaskHandler,
    RemindOfDueDateHandler,
    DeleteTaskHandler,
    CreateCategoryHandler,
    UpdateCategoryHandler,
    DeleteCategoryHandler,
  ],
  projections: [taskList, categoryList, countedTasks],
  policies: [welcome, ...remindOfDueDate, forgetUser],
  ports: [
    repository(TaskRepository, Task),
    repository(CategoryRepository, Category),
    { provide: CategoryLookup, useClass: PostgresCategoryLookup },
    { provide: TaskLookup, useClass: PostgresTaskLookup },
    { provide: BelongingsLookup, useClass: PostgresBelongingsLookup },
  ],
})
export class TasksWorkerModule {}
