import {
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule, ModuleRef } from '@nestjs/core';

import { newId } from '#kernel';

import { ActivityController } from './activity/activity.controller.js';
import { ActivityQueries } from './activity/activity.queries.js';
import { AccessTokenStrategy } from './auth/access-token.strategy.js';
import { AccessTokens } from './auth/access-tokens.js';
import { AccessGuard } from './auth/access.guard.js';
import { JwksController } from './auth/jwks.controller.js';
import { RoutePolicies } from './auth/route-policies.js';
import { TokenKeys } from './auth/token-keys.js';
import { BackgroundCommands } from './commands/background-commands.js';
import { Backlog } from './commands/backlog.js';
import { CommandAnswers } from './commands/command-answers.js';
import { CommandCalls } from './commands/command-calls.js';
import { CommandIds } from './commands/command-ids.js';
import { CommandStatusQueries } from './commands/command-status.queries.js';
import { CommandsController } from './commands/commands.controller.js';
import { Commands } from './commands/commands.js';
import { IdempotencyKeys } from './commands/idempotency-keys.js';
import { Outcomes } from './commands/outcomes.js';
import { PartitionReports } from './commands/partition-reports.js';
import { UnknownAfter, UnknownCommands } from './commands/unknown-commands.js';
import { ApiSettings } from './config/settings.js';
import { Database, DATABASE_OPTIONS, type DatabaseOptions } from './database/database.js';
import { ReadDatabase } from './database/read-database.js';
import { TracedDatabase } from './database/traced-database.js';
import { EventLog } from './event-log/event-log.js';
import { AllowedMethods } from './http/allowed-methods.js';
import { ApiHealth } from './http/api-health.js';
import { CommandInterceptor } from './http/command.interceptor.js';
import { ConsistencyInterceptor } from './http/consistency.interceptor.js';
import { apiContext } from './http/context-api-module.js';
import { Cursors } from './http/cursors.js';
import { DecodePipe } from './http/decode.pipe.js';
import { DirectRoutes } from './http/direct-routes.js';
import { Draining } from './http/draining.js';
import { HealthController } from './http/health.controller.js';
import { PersonalDataExport } from './http/personal-data.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RateLimits } from './http/rate-limits/rate-limits.js';
import { ResourceInterceptor } from './http/resource.interceptor.js';
import { EventSeal } from './messaging/cloud-event.js';
import { CommandPublisher } from './messaging/command-publisher.js';
import { EnvelopeSeal } from './messaging/envelope.js';
import { InboxDays } from './messaging/inbox-days.js';
import { Partitions } from './messaging/partitions.js';
import { QueueDepths } from './messaging/queue-depths.js';
import { RabbitCommandPublisher } from './messaging/rabbitmq/rabbit-command-publisher.js';
import { RabbitEventPublisher } from './messaging/rabbitmq/rabbit-event-publisher.js';
import { RabbitQueueDepths } from './messaging/rabbitmq/rabbit-queue-depths.js';
import { Topology } from './messaging/topology.js';
import { traceCommands } from './messaging/traced-command-publisher.js';
import { ApiGauges } from './observability/api-gauges.js';
import { ApiMetrics } from './observability/api-metrics.js';
import { HealthProbe } from './observability/health.js';
import { MetricsAccess } from './observability/metrics-access.js';
import { Metrics } from './observability/metrics.js';
import { traceable } from './observability/tracing.js';
import { operationsControllers, operationsProviders } from './operations/operations.js';
import { Privacy } from './privacy/privacy.js';
import { Sealing } from './privacy/sealing.js';
import { SubjectKeys } from './privacy/subject-keys.js';
import { Consistency } from './projections/consistency.js';
import { realtimeHub } from './realtime/realtime-hub.js';
import { RealtimeController } from './realtime/realtime.controller.js';
import { SettledCommandQueries } from './realtime/settled-commands.queries.js';
import { StreamMetrics } from './realtime/stream-metrics.js';
import { release } from './release.js';
import { ScheduledCommandsController } from './scheduling/scheduled-commands.controller.js';
import { ScheduledCommands } from './scheduling/scheduled-commands.js';
import { ScheduledCommandQueries } from './scheduling/scheduled-commands.queries.js';
import { Announcements } from './system/announcements.js';

@Injectable()
class PublisherLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly publisher: RabbitCommandPublisher,
    private readonly events: RabbitEventPublisher,
    private readonly announcements: Announcements,
    private readonly background: BackgroundCommands,
  ) {}

  onApplicationBootstrap(): void {
    this.publisher.open();
    this.events.open();
    this.announcements.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.announcements.close(), this.background.close()]);
    await Promise.all([this.publisher.close(), this.events.close()]);
  }
}

/** Everything that the API needs around the contexts that it serves. */
@Module({})
export class PlatformApiModule {
  static serve(settings: ApiSettings, modules: readonly Type[]): DynamicModule {
    const instance = newId();
    const topology = new Topology(settings.topologyPrefix);
    const names = modules.map((module) => apiContext(module).name);
    const personalData = new Map(
      modules.map(apiContext).flatMap(({ name, personalData: source }) => (source ? [[name, source] as const] : [])),
    );
    const databaseOptions: DatabaseOptions = {
      url: settings.databaseUrl,
      applicationName: `contextflow-api ${instance}`,
      poolSize: 10,
      acquireTimeout: 3_000,
      statementTimeout: 5_000,
      entities: [],
    };
    return {
      module: PlatformApiModule,
      global: true,
      imports: [DiscoveryModule, ...modules],
      controllers: [
        CommandsController,
        HealthController,
        JwksController,
        RealtimeController,
        ScheduledCommandsController,
        ActivityController,
        ...operationsControllers,
      ],
      providers: [
        { provide: ApiSettings, useValue: settings },
        { provide: DATABASE_OPTIONS, useValue: databaseOptions },
        { provide: Database, useClass: traceable(Database, TracedDatabase) },
        ReadDatabase,
        {
          provide: Partitions,
          inject: [Database],
          useFactory: (database: Database) => new Partitions(database, names, settings.partitions),
        },
        {
          provide: RabbitCommandPublisher,
          inject: [Partitions, Outcomes],
          useFactory: (partitions: Partitions, outcomes: Outcomes) =>
            new RabbitCommandPublisher(
              settings.rabbitmqUrl,
              `contextflow-api ${instance}`,
              topology,
              partitions,
              new EnvelopeSeal(settings.envelopeKeys),
              settings.publishWindow,
              (commandId, outcome) => outcomes.settle(commandId, outcome),
            ),
        },
        {
          provide: CommandPublisher,
          inject: [RabbitCommandPublisher],
          useFactory: (publisher: RabbitCommandPublisher) => traceCommands(publisher),
        },
        {
          provide: RabbitEventPublisher,
          useFactory: () =>
            new RabbitEventPublisher(settings.rabbitmqUrl, `contextflow-api ${instance} events`, topology),
        },
        {
          provide: Announcements,
          inject: [RabbitEventPublisher],
          useFactory: (events: RabbitEventPublisher) =>
            new Announcements(instance, 'api', names, events, new EventSeal(settings.envelopeKeys)),
        },
        {
          provide: ScheduledCommands,
          inject: [Database],
          useFactory: (database: Database) => new ScheduledCommands(database),
        },
        ScheduledCommandQueries,
        ...operationsProviders(settings.envelopeKeys),
        PublisherLifecycle,
        { provide: Metrics, useFactory: () => new Metrics('api', release) },
        {
          provide: MetricsAccess,
          useValue: new MetricsAccess(settings.metricsToken, settings.nodeEnv === 'production'),
        },
        ApiMetrics,
        {
          provide: RabbitQueueDepths,
          inject: [Partitions],
          useFactory: (partitions: Partitions) =>
            new RabbitQueueDepths(settings.rabbitmqUrl, `contextflow-api ${instance} metrics`, topology, partitions),
        },
        { provide: QueueDepths, useExisting: RabbitQueueDepths },
        {
          provide: ApiGauges,
          inject: [Metrics, Database, RabbitCommandPublisher, RabbitQueueDepths, Outcomes],
          useFactory: (
            metrics: Metrics,
            database: Database,
            publisher: RabbitCommandPublisher,
            queues: RabbitQueueDepths,
            outcomes: Outcomes,
          ) => new ApiGauges(metrics, { database, publisher, queues, outcomes, contexts: names }),
        },
        {
          provide: PartitionReports,
          inject: [Database],
          useFactory: (database: Database) => new PartitionReports(database, names),
        },
        {
          provide: Backlog,
          inject: [RabbitQueueDepths, PartitionReports, Partitions],
          useFactory: (queues: RabbitQueueDepths, reports: PartitionReports, partitions: Partitions) =>
            new Backlog(queues, reports, partitions, settings.backlogLimit),
        },
        { provide: InboxDays, useValue: new InboxDays(settings.inboxDays) },
        { provide: UnknownAfter, useValue: new UnknownAfter(settings.unknownAfter * 1_000) },
        UnknownCommands,
        { provide: CommandIds, useValue: new CommandIds(settings.commandIdKey) },
        { provide: Cursors, useValue: new Cursors(settings.commandIdKey) },
        { provide: Sealing, useValue: new Sealing(settings.encryptionKeys) },
        {
          provide: Privacy,
          inject: [Database, Sealing],
          useFactory: (database: Database, sealing: Sealing) =>
            new Privacy(sealing, new SubjectKeys(database, sealing)),
        },
        {
          provide: PersonalDataExport,
          inject: [ModuleRef],
          useFactory: (modules_: ModuleRef) => new PersonalDataExport(personalData, modules_),
        },
        AllowedMethods,
        DirectRoutes,
        BackgroundCommands,
        Commands,
        CommandAnswers,
        CommandCalls,
        ActivityQueries,
        CommandStatusQueries,
        Consistency,
        EventLog,
        IdempotencyKeys,
        Outcomes,
        { provide: TokenKeys, useValue: new TokenKeys(settings.jwtKeys) },
        {
          provide: AccessTokens,
          inject: [TokenKeys],
          useFactory: (keys: TokenKeys) => new AccessTokens(keys, settings.accessTokenMinutes),
        },
        AccessTokenStrategy,
        RoutePolicies,
        {
          provide: RateLimits,
          useValue: new RateLimits({
            anonymous: settings.rateLimitAnonymous,
            user: settings.rateLimitUser,
            tracking: settings.rateLimitTracking,
          }),
        },
        Draining,
        SettledCommandQueries,
        StreamMetrics,
        realtimeHub(modules.flatMap((module) => apiContext(module).live ?? [])),
        { provide: HealthProbe, useClass: ApiHealth },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: CommandInterceptor },
        { provide: APP_INTERCEPTOR, useClass: ConsistencyInterceptor },
        { provide: APP_INTERCEPTOR, useClass: ResourceInterceptor },
        { provide: APP_PIPE, useClass: DecodePipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [
        AccessTokens,
        ApiSettings,
        BackgroundCommands,
        CommandCalls,
        CommandIds,
        Commands,
        Cursors,
        Database,
        EventLog,
        HealthProbe,
        PersonalDataExport,
        Privacy,
        ReadDatabase,
      ],
    };
  }
}
