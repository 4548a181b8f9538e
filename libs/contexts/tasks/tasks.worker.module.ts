import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { CompleteTaskHandler } from './application/complete-task.handler.js';
import { CreateTaskHandler } from './application/create-task.handler.js';
import { TaskRepository } from './application/ports.js';
import { StartTaskHandler } from './application/start-task.handler.js';
import { Task } from './domain/task.js';
import { taskList } from './read-models/task-list.projection.js';

@ContextWorkerModule({
  name: 'tasks',
  handlers: [CreateTaskHandler, StartTaskHandler, CompleteTaskHandler],
  projections: [taskList],
  ports: [repository(TaskRepository, Task)],
})
export class TasksWorkerModule {}
