import type { Type } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';

import {
  commandType,
  eventType,
  laneOf,
  resourceOf,
  toWire,
  type Aggregate,
  type AggregateType,
  type Class,
  type DomainError,
  type Projection,
  type ReadModelRow,
} from '#kernel';
import type { Database } from '#platform/database/database.js';
import { AggregateCache } from '#platform/engine/aggregate-caches.js';
import { CommandRunner } from '#platform/engine/command-runner.js';
import { Committer } from '#platform/engine/committer.js';
import { StaleUnits } from '#platform/engine/group-commit.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { OutsideHandlers } from '#platform/engine/outside-handlers.js';
import type { UnitOfWork } from '#platform/engine/unit-of-work.js';
import { EnvelopeSeal, type Envelope } from '#platform/messaging/envelope.js';
import type { Outcome } from '#platform/messaging/outcome.js';

import { InMemoryGroupCommit, type Mishap } from '../doubles/in-memory-group-commit.js';
import { entryOf, eventOf } from '../doubles/in-memory-log.js';
import type { StoryApp } from './story-app.js';

/** Who asks. */
export interface Author {
  readonly id: string;
  readonly roles: readonly string[];
}

/** What a command meets on its way into the log. */
export interface Trouble {
  /** The first run of its handler is thrown away, as after a version conflict. */
  readonly again: boolean;
  readonly violation?: { readonly constraint: string; readonly commits: number };
}

/** How a command ended, and what its handler threw to end it so. */
export interface Ending {
  readonly outcome: Outcome;
  readonly thrown: unknown;
}

/** A worker of one context in memory: its production module, the real runner and committer, and nothing beneath them. */
export class World {
  readonly #app: StoryApp;
  readonly #group: InMemoryGroupCommit;
  readonly #runner: CommandRunner;
  readonly #cache = new AggregateCache(100);
  #thrown: unknown;
  #trouble: { id: string; again: boolean; constraint: string; violations: number } | undefined;

  constructor(app: StoryApp) {
    const { database, caches, log, readModels, context } = app;
    this.#app = app;
    this.#group = new InMemoryGroupCommit(database, (units) => this.#mishap(units), log, readModels);
    this.#runner = new CommandRunner(
      this.#overheard(app.bus),
      database,
      new Committer(database, this.#group),
      new OverheardProjections(database, context.projections, (error) => (this.#thrown = error)),
      caches,
      undefined,
      undefined,
      new OutsideHandlers(context.handlers),
    );
  }

  /** The row of an inline read model, or null. */
  row(type: Class<ReadModelRow>, id: string): ReadModelRow | null {
    return this.#app.readModels.rows(type).find((row) => row.id === id) ?? null;
  }

  /** How many events the log holds. */
  get length(): number {
    return this.#app.log.entries.length;
  }

  /** The events after the first so many, as they come back from the log. */
  recordedAfter(length: number): readonly object[] {
    return this.#app.log.entries.slice(length).map(eventOf);
  }

  /** Whether that happens to an aggregate of this context, rather than in another one. */
  knows(event: object): boolean {
    return this.#app.aggregates.some((type) => new type('')['evolve'].types.includes(event.constructor as never));
  }

  /** Lets an event have happened. */
  happen(event: object, occurredAt: Date, actor: string): void {
    const { type, streamField } = eventType(event.constructor);
    const streamId = event[streamField as keyof object] as string;
    const { log, readModels } = this.#app;
    const { streamType } = this.#aggregateOf(type, streamId);
    const last = log.stream(streamType, streamId).at(-1);
    const at = last && last.occurredAt > occurredAt ? last.occurredAt : occurredAt;
    const version = (last?.version ?? 0) + 1;
    const entry = entryOf(event, { streamType, streamId, version, actor, occurredAt: at });
    const meta = { version, occurredAt: at, actor };
    const changes = readModels.changes([{ streamId, version: version - 1, events: [{ event, meta }] }]);
    log.append([entry]);
    readModels.keep(changes);
  }

  /** The version of the last event of an event's stream; 1 when nothing of it has happened here. */
  versionOf(event: object): number {
    const { streamField } = eventType(event.constructor);
    const entries = this.#app.log.entries.filter(
      ({ streamId }) => streamId === (event[streamField as keyof object] as string),
    );
    return entries.at(-1)?.version ?? 1;
  }

  /** What the command with that id will meet. */
  trouble(id: string, { again, violation }: Trouble): void {
    this.#trouble = { id, again, constraint: violation?.constraint ?? '', violations: violation?.commits ?? 0 };
  }

  /** How many violations the command has not met. */
  get violationsLeft(): number {
    return this.#trouble?.violations ?? 0;
  }

  /** Forgets the aggregates in the cache, as a new channel does. */
  forget(): void {
    this.#cache.clear();
  }

  /**
   * Hands a command over as the broker does.
   * @throws Error when it has no end: nobody handles it, or its handler failed at every try
   */
  async deliver(envelope: Envelope): Promise<Ending> {
    this.#thrown = undefined;
    const end = await this.#runner.run(envelope, this.#cache);
    if (end.kind === 'settled') return { outcome: end.outcome, thrown: this.#thrown };
    const { type } = envelope;
    if (end.kind === 'unsupported')
      throw new Error(`nobody handles ${type}: list its handler in ${this.#app.module.name}`);
    const error = end.error as Error;
    throw new Error(`${type} failed at each of ${end.attempts} tries: ${error.message}`, { cause: error });
  }

  /** All that is there to be seen: what was committed, and what the doubles show. */
  trace(): { readonly log: unknown; readonly rows: unknown; readonly doubles: unknown } {
    const { log, readModels, context, standIns } = this.#app;
    return {
      log: log.entries.map(({ data, ...entry }) => ({ ...entry, data: JSON.parse(data) as unknown })),
      rows: context.projections.map(({ name, row }) => ({ name, rows: readModels.rows(row) })),
      doubles: standIns.map(({ shows }) => shows),
    };
  }

  /** A rejection is stored by its kind and reason: which class it was, only the handler's throw tells. */
  #overheard(bus: CommandBus): CommandBus {
    const execute = async (command: object): Promise<unknown> => {
      this.#thrown = undefined;
      try {
        return await bus.execute(command);
      } catch (error) {
        this.#thrown = error;
        throw error;
      }
    };
    return { execute } as CommandBus;
  }

  #mishap(units: readonly UnitOfWork[]): Mishap | undefined {
    const trouble = this.#trouble;
    const unit = units.find(({ envelope }) => envelope.id === trouble?.id);
    if (!trouble || !unit || this.#group.outcome(trouble.id)) return undefined;
    if (trouble.again) {
      trouble.again = false;
      return { error: new StaleUnits(new Set([unit])) };
    }
    if (trouble.violations === 0 || unit.events.length === 0) return undefined;
    trouble.violations--;
    const { constraint } = trouble;
    return {
      error: Object.assign(new Error(`${constraint} is violated`), { severity: 'ERROR', code: '23505', constraint }),
    };
  }

  #aggregateOf(event: object, streamId: string): AggregateType<Aggregate<object>> {
    const types = this.#app.aggregates;
    const [folding, second] = types.filter((type) => new type(streamId)['evolve'].types.includes(event as never));
    const [only, another] = types;
    const found = second ? undefined : (folding ?? (another ? undefined : only));
    if (found) return found;
    const which = second ? 'several aggregates fold' : 'no aggregate folds';
    throw new Error(
      `${which} ${(event as Type).name}, so its stream is not known: let it happen by givenCommands(...) instead`,
    );
  }
}

class OverheardProjections extends InlineProjections {
  constructor(
    database: Database,
    projections: readonly Projection[],
    private readonly hear: (error: DomainError | undefined) => void,
  ) {
    super(database, projections);
  }

  override rejectionFor(constraint: string): DomainError | undefined {
    const error = super.rejectionFor(constraint);
    this.hear(error);
    return error;
  }
}

const seal = new EnvelopeSeal('story:nobody forges a story');

/**
 * The envelope of a command, as it arrives at the worker.
 * @throws Error when no API could send it
 */
export function delivered(
  command: object,
  id: string,
  author: Author,
  acceptedAt: Date,
  expectedVersion?: number,
): Envelope {
  const { type, name, context } = commandType(command.constructor);
  const lane = laneOf(command);
  const body = Buffer.from(JSON.stringify(toWire(command)));
  const properties = seal.seal({
    id,
    type: name,
    context,
    lane,
    resourceId: resourceOf(command),
    author: author.id,
    roles: author.roles,
    acceptedAt,
    correlationId: 'story',
    expectedVersion,
    body,
  });
  const opened = seal.open(properties, body);
  if (opened.kind !== 'genuine')
    throw new Error(`${type.name} cannot be sent: its lane must be a UUID in lower case, its author printable ASCII`);
  return opened.envelope;
}
