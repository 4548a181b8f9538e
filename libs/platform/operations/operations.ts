import type { FactoryProvider, Provider, Type } from '@nestjs/common';

import { Database } from '../database/database.js';
import { EnvelopeSeal } from '../messaging/envelope.js';
import { Privacy } from '../privacy/privacy.js';
import { DeadMessageActions } from './dead-message-actions.js';
import { DeadMessagesController } from './dead-messages.controller.js';
import { DeadMessageQueries } from './dead-messages.queries.js';
import { OperatorActionsController } from './operator-actions.controller.js';
import { OperatorActionQueries } from './operator-actions.queries.js';
import { ParkedCommandsController } from './parked-commands.controller.js';
import { ParkedCommands } from './parked-commands.js';
import { ParkedCommandQueries } from './parked-commands.queries.js';
import { ParkedEventActions } from './parked-event-actions.js';
import { ParkedEventsController } from './parked-events.controller.js';
import { ParkedEventQueries } from './parked-events.queries.js';
import { ProjectionActions } from './projection-actions.js';
import { ProjectionsController } from './projections.controller.js';
import { ProjectionQueries } from './projections.queries.js';
import { QueuesController } from './queues.controller.js';
import { QueueQueries } from './queues.queries.js';
import { WorkerActions } from './worker-actions.js';
import { WorkersController } from './workers.controller.js';
import { WorkerQueries } from './workers.queries.js';

/** Routes for operators. */
export const operationsControllers: readonly Type[] = [
  ParkedCommandsController,
  ParkedEventsController,
  DeadMessagesController,
  WorkersController,
  QueuesController,
  ProjectionsController,
  OperatorActionsController,
];

/** What those routes need beside `Database`, `ReadDatabase`, `Cursors` and `QueueDepths`. */
export const operationsProviders = (envelopeKeys: string): readonly Provider[] => [
  onDatabase(
    ParkedCommands,
    (database, privacy) => new ParkedCommands(database, new EnvelopeSeal(envelopeKeys), privacy),
  ),
  onDatabase(ParkedEventActions, (database) => new ParkedEventActions(database)),
  DeadMessageActions,
  WorkerActions,
  ProjectionActions,
  ParkedCommandQueries,
  ParkedEventQueries,
  DeadMessageQueries,
  WorkerQueries,
  QueueQueries,
  ProjectionQueries,
  OperatorActionQueries,
];

const onDatabase = <T>(provide: Type<T>, make: (database: Database, privacy: Privacy) => T): FactoryProvider<T> => ({
  provide,
  inject: [Database, Privacy],
  useFactory: make,
});
