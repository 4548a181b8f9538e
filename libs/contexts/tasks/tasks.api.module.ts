import { ContextApiModule } from '#platform/http/context-api-module.js';

import { TasksController } from './adapters/http/tasks.controller.js';
import { TaskListQueries } from './read-models/task-list.queries.js';

@ContextApiModule({ name: 'tasks', controllers: [TasksController], queries: [TaskListQueries] })
export class TasksApiModule {}
