import { AuthWorkerModule } from '#contexts/auth/auth.worker.module.js';
import { NotificationsWorkerModule } from '#contexts/notifications/notifications.worker.module.js';
import { TasksWorkerModule } from '#contexts/tasks/tasks.worker.module.js';
import { UsersWorkerModule } from '#contexts/users/users.worker.module.js';
import { workerContext } from '#platform/engine/context-worker-module.js';

/** The row classes of all contexts' read models. */
export const entities = [AuthWorkerModule, UsersWorkerModule, TasksWorkerModule, NotificationsWorkerModule].flatMap(
  (module) => workerContext(module).projections.map(({ row }) => row as new () => object),
);
