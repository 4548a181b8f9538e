import { Module, type LoggerService, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';

import { Actor, Clock, Deadline, type Aggregate, type AggregateType } from '#kernel';
import { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { AggregateCaches } from '#platform/engine/aggregate-caches.js';
import { EventSourcedRepository } from '#platform/engine/aggregate-repository.js';
import { workerContext, type WorkerContext } from '#platform/engine/context-worker-module.js';
import { EventStore } from '#platform/engine/event-store.js';
import { UnitOfWorkActor, UnitOfWorkClock, UnitOfWorkDeadline } from '#platform/engine/unit-of-work.js';

import { InMemoryEventStore } from '../doubles/in-memory-event-store.js';
import { InMemoryLog } from '../doubles/in-memory-log.js';
import { InMemoryReadModels } from '../doubles/in-memory-read-models.js';
import { ReadModels } from './read-models.js';
import { nameOf, StandIn, tokenOf } from './stand-in.js';
import { StoryDatabase } from './story-database.js';

@Module({})
class StoryModule {}

/** A context's worker module, compiled as the worker does, on a log and read models in memory. */
export class StoryApp {
  readonly log = new InMemoryLog();
  readonly database = new StoryDatabase();
  readonly caches = new AggregateCaches();
  readonly context: WorkerContext;
  readonly readModels: InMemoryReadModels;
  readonly standIns: readonly StandIn[];
  #nest!: TestingModule;

  private constructor(
    readonly module: Type,
    doubles: readonly Provider[],
  ) {
    this.context = workerContext(module);
    this.readModels = new InMemoryReadModels(this.context.projections);
    this.standIns = doubles.map((double) => new StandIn(double));
  }

  static async compile(module: Type, doubles: readonly Provider[]): Promise<StoryApp> {
    const app = new StoryApp(module, doubles);
    await app.#compile();
    return app;
  }

  /** Whether it can run stories of that module with such doubles. */
  serves(module: Type, doubles: readonly Provider[]): boolean {
    const { standIns } = this;
    return (
      module === this.module &&
      doubles.length === standIns.length &&
      doubles.every((double, index) => standIns[index]?.serves(double))
    );
  }

  /** Whether nothing of a story is left in it once it is renewed. */
  get renewable(): boolean {
    return this.standIns.every(({ renewable }) => renewable);
  }

  /** Forgets all that happened; doubles begin anew. What production keeps as long as the worker lives stays. */
  async renew(): Promise<void> {
    this.log.clear();
    this.readModels.clear();
    const scope = this.#nest.select(this.module).get(ModuleRef);
    for (const standIn of this.standIns) await standIn.renew((type) => scope.create(type));
  }

  get bus(): CommandBus {
    return this.#nest.get(CommandBus);
  }

  port(token: object): object {
    return this.#nest.get<object>(token as Type, { strict: false });
  }

  /** The aggregates that the context's repositories keep. */
  get aggregates(): readonly AggregateType<Aggregate<object>>[] {
    return this.context.ports
      .map((port) => this.#nest.get<unknown>(tokenOf(port), { strict: false }))
      .filter((port) => port instanceof EventSourcedRepository)
      .map((port: EventSourcedRepository<Aggregate<object>>) => port['type']);
  }

  async #compile(): Promise<void> {
    const providers: Provider[] = [
      { provide: Database, useValue: this.database },
      ReadDatabase,
      { provide: EventStore, useValue: new InMemoryEventStore(this.database, this.log) },
      { provide: AggregateCaches, useValue: this.caches },
      { provide: Clock, useClass: UnitOfWorkClock },
      { provide: Actor, useClass: UnitOfWorkActor },
      { provide: Deadline, useClass: UnitOfWorkDeadline },
      { provide: ReadModels, useValue: this.readModels },
    ];
    const platform = { module: StoryModule, global: true, providers, exports: providers.map(tokenOf) };
    const builder = Test.createTestingModule({ imports: [CqrsModule.forRoot(), platform, this.module] });
    const ports = new Set(this.context.ports.map(tokenOf));
    for (const standIn of this.standIns) {
      if (!ports.has(standIn.token))
        throw new Error(
          `${nameOf(standIn.token)} is no port of ${this.module.name}: bind it there, or correct the double's token`,
        );
      standIn.override(builder);
    }
    this.#nest = await builder.setLogger(silence).compile();
    await this.#nest.init();
    await this.renew();
  }
}

/** What the runner would log, the story's failure tells. */
const silence: LoggerService = { log() {}, warn() {}, error() {}, fatal() {} };

const idle: StoryApp[] = [];

/** An app that nothing has happened in. Compiling one takes longer than a story, so they are used again. */
export async function takeApp(module: Type, doubles: readonly Provider[]): Promise<StoryApp> {
  const found = idle.findIndex((app) => app.serves(module, doubles));
  const [app] = found < 0 ? [] : idle.splice(found, 1);
  if (!app) return StoryApp.compile(module, doubles);
  await app.renew();
  return app;
}

/** Only of a run that went well: what a fault leaves behind nobody knows. */
export function giveBack(app: StoryApp): void {
  if (app.renewable) idle.push(app);
}
