import { AttributionWorkerModule } from '#contexts/attribution/attribution.worker.module.js';
import { AuthWorkerModule } from '#contexts/auth/auth.worker.module.js';
import { LabourWorkerModule } from '#contexts/labour/labour.worker.module.js';
import { NotificationsWorkerModule } from '#contexts/notifications/notifications.worker.module.js';
import { SubscriptionsWorkerModule } from '#contexts/subscriptions/subscriptions.worker.module.js';
import { TasksWorkerModule } from '#contexts/tasks/tasks.worker.module.js';
import { TrackingWorkerModule } from '#contexts/tracking/tracking.worker.module.js';
import { UsersWorkerModule } from '#contexts/users/users.worker.module.js';
import { activity } from '#platform/activity/activity.projection.js';
import { workerContext } from '#platform/engine/context-worker-module.js';

/** The row classes of all read models. */
export const entities = [
  activity,
  ...[
    AuthWorkerModule,
    UsersWorkerModule,
    TasksWorkerModule,
    NotificationsWorkerModule,
    LabourWorkerModule,
    SubscriptionsWorkerModule,
    TrackingWorkerModule,
    AttributionWorkerModule,
  ].flatMap((module) => workerContext(module).projections),
].map(({ row }) => row as new () => object);
