import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';

import { Actor, Clock, Deadline, newId } from '#kernel';

import { activity } from './activity/activity.projection.js';
import type { WorkerSettings } from './config/settings.js';
import { Database, DATABASE_OPTIONS, type DatabaseOptions } from './database/database.js';
import { ReadDatabase } from './database/read-database.js';
import { TracedDatabase } from './database/traced-database.js';
import { AggregateCaches } from './engine/aggregate-caches.js';
import { AttemptDelays } from './engine/attempt-delays.js';
import { Attempts } from './engine/attempts.js';
import { CommandRunner } from './engine/command-runner.js';
import { CommandTransport } from './engine/command-transport.js';
import { Committer } from './engine/committer.js';
import { workerContext } from './engine/context-worker-module.js';
import { DeadLetters } from './engine/dead-letters.js';
import { DeadMessages } from './engine/dead-messages.js';
import { Engine } from './engine/engine.js';
import { EventStore } from './engine/event-store.js';
import { Gate } from './engine/gate.js';
import { GroupCommit } from './engine/group-commit.js';
import { InlineProjections } from './engine/inline-projections.js';
import { Membership } from './engine/membership.js';
import { OutsideHandlers } from './engine/outside-handlers.js';
import { Parking } from './engine/parking.js';
import { TracedCommandRunner } from './engine/traced-command-runner.js';
import { TracedGroupCommit } from './engine/traced-group-commit.js';
import { UnitOfWorkActor, UnitOfWorkClock, UnitOfWorkDeadline } from './engine/unit-of-work.js';
import { WorkerHealth } from './engine/worker-health.js';
import { EventFlow } from './event-flow.js';
import { EnvelopeSeal } from './messaging/envelope.js';
import { InboxDays } from './messaging/inbox-days.js';
import { Partitions } from './messaging/partitions.js';
import { RabbitCommandSource } from './messaging/rabbitmq/rabbit-command-source.js';
import { RabbitReplies } from './messaging/rabbitmq/rabbit-replies.js';
import { Topology } from './messaging/topology.js';
import { EngineMetrics } from './observability/engine-metrics.js';
import { HealthServer } from './observability/health-server.js';
import { HealthProbe } from './observability/health.js';
import { MetricsAccess } from './observability/metrics-access.js';
import { Metrics } from './observability/metrics.js';
import { traceable } from './observability/tracing.js';
import { WorkerGauges } from './observability/worker-gauges.js';
import { Privacy } from './privacy/privacy.js';
import { Sealing } from './privacy/sealing.js';
import { SubjectKeys } from './privacy/subject-keys.js';
import { ProjectionDuties } from './projections/projection-duties.js';
import { ProjectionStates } from './projections/projection-states.js';
import { release } from './release.js';

/** Everything that a worker needs around the contexts that it serves. */
@Module({})
export class PlatformWorkerModule {
  /** @throws Error when `WORKER_CONTEXTS` names a context that is not among the modules */
  static serve(settings: WorkerSettings, modules: readonly Type[]): DynamicModule {
    const worker = newId();
    const served = chosen(settings, modules);
    const allNames = modules.map((module) => workerContext(module).name);
    const names = served.map((module) => workerContext(module).name);
    const projections = served.flatMap((module) => workerContext(module).projections);
    const topology = new Topology(settings.topologyPrefix);
    const seal = new EnvelopeSeal(settings.envelopeKeys);
    const databaseOptions: DatabaseOptions = {
      url: settings.databaseUrl,
      applicationName: `contextflow-worker ${worker}`,
      poolSize: 10,
      acquireTimeout: 5_000,
      statementTimeout: 15_000,
      entities: [...projections, activity].map(({ row }) => row as new () => object),
    };
    return {
      module: PlatformWorkerModule,
      global: true,
      imports: [CqrsModule.forRoot(), ...served],
      providers: [
        { provide: DATABASE_OPTIONS, useValue: databaseOptions },
        { provide: Database, useClass: traceable(Database, TracedDatabase) },
        ReadDatabase,
        AggregateCaches,
        Gate,
        { provide: Clock, useClass: UnitOfWorkClock },
        { provide: Actor, useClass: UnitOfWorkActor },
        { provide: Deadline, useClass: UnitOfWorkDeadline },
        {
          provide: Privacy,
          inject: [Database],
          useFactory: (database: Database) => {
            const sealing = new Sealing(settings.encryptionKeys);
            return new Privacy(sealing, new SubjectKeys(database, sealing));
          },
        },
        {
          provide: EventStore,
          inject: [Database, Privacy],
          useFactory: (database: Database, privacy: Privacy) => new EventStore(database, privacy),
        },
        {
          provide: Partitions,
          inject: [Database],
          useFactory: (database: Database) => new Partitions(database, names, settings.partitions),
        },
        {
          provide: DeadMessages,
          inject: [Database, Privacy],
          useFactory: (database: Database, privacy: Privacy) => new DeadMessages(database, privacy),
        },
        {
          provide: EventFlow,
          inject: [Database, DeadMessages, Privacy, Gate, ModuleRef],
          useFactory: (database: Database, dead: DeadMessages, privacy: Privacy, gate: Gate, moduleRef: ModuleRef) =>
            new EventFlow({
              settings,
              worker,
              database,
              topology,
              dead,
              privacy,
              gate,
              partitions: new Partitions(database, allNames, settings.partitions),
              contexts: served.map((module) => ({ policies: [], ...workerContext(module) })),
              ports: (token) => moduleRef.get<object>(token, { strict: false }),
            }),
        },
        {
          provide: ProjectionDuties,
          inject: [Database, EventFlow, Privacy, Gate],
          useFactory: (database: Database, { signal, log }: EventFlow, privacy: Privacy, gate: Gate) => {
            const states = new ProjectionStates(database, release);
            return new ProjectionDuties({ database, privacy, signal, states, log, gate }, [...projections, activity]);
          },
        },
        {
          provide: RabbitCommandSource,
          inject: [Partitions, EventFlow],
          useFactory: (partitions: Partitions, events: EventFlow) =>
            new RabbitCommandSource(settings.rabbitmqUrl, `contextflow-worker ${worker}`, topology, partitions, events),
        },
        {
          provide: RabbitReplies,
          useFactory: () => new RabbitReplies(settings.rabbitmqUrl, `contextflow-worker ${worker} replies`),
        },
        { provide: Metrics, useFactory: () => new Metrics('worker', release) },
        { provide: EngineMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new EngineMetrics(metrics) },
        {
          provide: WorkerGauges,
          inject: [Metrics, Database, RabbitCommandSource, RabbitReplies, Engine, ProjectionDuties],
          useFactory: (
            metrics: Metrics,
            database: Database,
            source: RabbitCommandSource,
            replies: RabbitReplies,
            engine: Engine,
            following: ProjectionDuties,
          ) => new WorkerGauges(metrics, { database, source, replies, engine, contexts: names, following }),
        },
        {
          provide: Engine,
          inject: [
            CommandBus,
            Database,
            AggregateCaches,
            Partitions,
            RabbitCommandSource,
            RabbitReplies,
            EngineMetrics,
            DeadMessages,
            EventFlow,
            Privacy,
            ProjectionDuties,
            Gate,
          ],
          useFactory: (
            bus: CommandBus,
            database: Database,
            caches: AggregateCaches,
            partitions: Partitions,
            source: RabbitCommandSource,
            replies: RabbitReplies,
            metrics: EngineMetrics,
            dead: DeadMessages,
            events: EventFlow,
            privacy: Privacy,
            following: ProjectionDuties,
            gate: Gate,
          ) => {
            const outside = new OutsideHandlers(served.flatMap((module) => workerContext(module).handlers));
            const parking = new Parking(database, worker, release, metrics);
            const letters = { database, seal, parking, dead };
            const inline = new InlineProjections(
              database,
              projections.filter(({ inline: isInline }) => isInline),
            );
            const group = new (traceable(GroupCommit, TracedGroupCommit))(database, inline, worker, privacy);
            const committer = new Committer(database, group, metrics);
            const Runner = traceable(CommandRunner, TracedCommandRunner);
            return new Engine({
              database,
              seal,
              topology,
              partitions,
              source,
              replies,
              prefetch: settings.prefetch,
              gate,
              runner: new Runner(bus, database, committer, inline, caches, metrics, privacy, outside),
              attempts: new Attempts(database, worker),
              parking,
              inbox: new InboxDays(settings.inboxDays),
              delays: AttemptDelays.of(settings.attemptDelays),
              dead,
              duties: [
                { name: topology.deadLetters, make: () => new DeadLetters(topology.deadLetters, letters) },
                ...events.duties,
                ...following.duties,
              ],
              membership: new Membership(database, worker, release, names),
            });
          },
        },
        CommandTransport,
        { provide: HealthProbe, useClass: WorkerHealth },
        {
          provide: HealthServer,
          inject: [HealthProbe, Metrics],
          useFactory: (probe: HealthProbe, metrics: Metrics) =>
            new HealthServer(settings.host, settings.workerHealthPort, probe, release, {
              metrics,
              access: new MetricsAccess(settings.metricsToken, false),
            }),
        },
      ],
      exports: [Database, ReadDatabase, AggregateCaches, Clock, Actor, Deadline, EventStore, CommandTransport],
    };
  }
}

function chosen(settings: WorkerSettings, modules: readonly Type[]): readonly Type[] {
  if (!settings.workerContexts) return modules;
  const wanted = settings.workerContexts.split(',');
  const known = modules.map((module) => workerContext(module).name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`WORKER_CONTEXTS: ${unknown.join(', ')} is not among ${known.join(', ')}`);
  return modules.filter((module) => wanted.includes(workerContext(module).name));
}
