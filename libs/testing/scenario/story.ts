import type { Provider, Type } from '@nestjs/common';

import { commandType, derivedId, DomainError, type Class, type ReadModelRow } from '#kernel';
import { workerContext } from '#platform/engine/context-worker-module.js';
import type { Rejection } from '#platform/messaging/rejection.js';

import { alike, inCase, located, same } from './failures.js';
import { openStories } from './open-stories.js';
import { giveBack, takeApp } from './story-app.js';
import { delivered, World, type Author, type Ending, type Trouble } from './world.js';

/** What comes before the command, in order; times and authors hold from where they are said. */
export interface Step {
  readonly kind: 'event' | 'command';
  readonly message: object;
  readonly at?: Date;
  readonly by?: Author;
}

export interface Script {
  readonly module: Type;
  readonly doubles: readonly Provider[];
  readonly steps: readonly Step[];
  readonly at?: Date;
  readonly by?: Author;
  readonly expecting?: number;
  readonly violation?: Trouble['violation'];
}

interface Told extends Ending {
  readonly world: World;
  readonly recorded: readonly object[];
}

const someone = '0196a1de-0000-7000-8000-00000000000a';
const someTime = new Date('2026-03-01T10:00:00.000Z');
const anHour = 3_600_000;

/** A story that waits for its end: exactly one of the methods, whose promise the test awaits or returns. */
export class Story {
  constructor(
    private readonly script: Script,
    private readonly command: object,
  ) {
    openStories.add(this);
  }

  /** Exactly these events are recorded, in this order, and the command succeeds. */
  // A story reads on from when() to then(); awaiting one that has no end fails it.
  then(first: object, ...more: readonly object[]): Promise<void> {
    const [fulfilled, rejected] = [first, ...more];
    if (typeof fulfilled === 'function' && typeof rejected === 'function') {
      openStories.delete(this);
      rejected(new Error('the story has no end: add .then(events), .thenNothing(), .thenRejected(…) or .thenRow(…)'));
      return Promise.resolve();
    }
    return this.#tell((told) => {
      this.#succeeded(told);
      same(`${this.#name} records other events than the story tells`, told.recorded, [first, ...more]);
    });
  }

  /** The command succeeds, and nothing is recorded. */
  thenNothing(): Promise<void> {
    return this.#tell((told) => {
      this.#succeeded(told);
      same(`${this.#name} records something, where the story tells of nothing`, told.recorded, []);
    });
  }

  /**
   * The command is rejected with the kind and reason of that error, and nothing is recorded.
   * @param error a class; or, for what the platform itself rejects with, some fields: `{ kind: 'version_conflict' }`
   */
  thenRejected(error: Class<DomainError> | Partial<Rejection>): Promise<void> {
    return this.#tell(({ outcome: { problem }, thrown, recorded }) => {
      if (!problem) throw new Error(`${this.#name} succeeds, where the story tells of ${wanted(error)}`);
      const sentence = `${this.#name} is rejected with ${problem.reason} (${problem.kind}: ${problem.detail}), where the story tells of ${wanted(error)}`;
      if (typeof error !== 'function') alike(sentence, problem, error);
      else if (!(isCause(thrown, problem) ? thrown instanceof error : hasSameReason(error, problem)))
        throw new Error(sentence);
      same(`${this.#name} is rejected, and records something all the same`, recorded, []);
    });
  }

  /** The command succeeds, and the inline read model's row then has these fields; with null there is no such row. */
  thenRow<Row extends ReadModelRow>(type: Class<Row>, id: string, fields: Partial<Row> | null): Promise<void> {
    return this.#tell((told) => {
      this.#succeeded(told);
      const row = told.world.row(type, id);
      const sentence = `${type.name} ${id} is not as the story tells after ${this.#name}`;
      if (row && fields) alike(sentence, row, fields);
      else same(sentence, row, fields);
    });
  }

  get #name(): string {
    return this.command.constructor.name;
  }

  #succeeded({ outcome: { status, problem } }: Told): void {
    if (status !== 'succeeded')
      throw new Error(`${this.#name} is ${status} with ${problem?.reason} (${problem?.kind}: ${problem?.detail})`);
  }

  /** From the beginning, once with copies of the command after it, and once with the handler's first run thrown away. */
  async #tell(end: (told: Told) => void): Promise<void> {
    const told = new Error('told here');
    try {
      await this.#run(end, { again: false });
      await inCase('run again after a version conflict', () => this.#run(end, { again: true }));
    } catch (error) {
      throw located(error as Error, told);
    } finally {
      openStories.delete(this);
    }
  }

  async #run(end: (told: Told) => void, { again }: { again: boolean }): Promise<void> {
    const { module, doubles, violation } = this.script;
    const app = await takeApp(module, doubles);
    const world = new World(app);
    await this.#prepare(world);
    const before = world.length;
    world.trouble(commandId, { again, violation });
    const ending = await world.deliver(this.#envelope());
    if (violation && world.violationsLeft === violation.commits)
      throw new Error(`${this.#name} commits no event that could violate ${violation.constraint}`);
    end({ ...ending, world, recorded: world.recordedAfter(before) });
    await inCase('delivered more than once', () => this.#repeat(world, ending));
    giveBack(app);
  }

  async #prepare(world: World): Promise<void> {
    const { steps, at = someTime } = this.script;
    const earlier = new Date(at.getTime() - anHour);
    for (const [index, step] of steps.entries()) {
      const by = step.by ?? authorOf(step.message);
      if (step.kind === 'event') world.happen(step.message, step.at ?? earlier, by.id);
      else {
        const envelope = delivered(step.message, derivedId('story', index), by, step.at ?? earlier);
        const { outcome } = await world.deliver(envelope);
        if (outcome.problem)
          throw new Error(`${step.message.constructor.name}, which is given, is rejected: ${outcome.problem.detail}`);
      }
    }
  }

  #envelope() {
    const { module, by = authorOf(this.command), at = someTime, expecting } = this.script;
    const { context } = commandType(this.command.constructor);
    const { name } = workerContext(module);
    if (context !== name) throw new Error(`${this.#name} is for ${context}: ${module.name} runs what is for ${name}`);
    return delivered(this.command, commandId, by, at, expecting);
  }

  /** A copy on the same channel, and one on the next. */
  async #repeat(world: World, { outcome }: Ending): Promise<void> {
    const before = world.trace();
    for (const forget of [false, true]) {
      if (forget) world.forget();
      const repeated = await world.deliver(this.#envelope());
      same('a copy ends otherwise than the command did', repeated.outcome, outcome);
      same('a copy has an effect of its own', world.trace(), before);
    }
  }
}

const commandId = derivedId('story', 'when');

function authorOf(message: object): Author {
  const { userId } = message as { userId?: unknown };
  return { id: typeof userId === 'string' ? userId : someone, roles: ['user'] };
}

const wanted = (error: Class<DomainError> | Partial<Rejection>): string =>
  typeof error === 'function' ? error.name : JSON.stringify(error);

const isCause = (thrown: unknown, { kind, reason }: Rejection): boolean =>
  thrown instanceof DomainError && thrown.kind === kind && thrown.reason === reason;

/** For what the handler did not throw itself. */
function hasSameReason(type: Class<DomainError>, { kind, reason }: Rejection): boolean {
  try {
    const error = new (type as new () => DomainError)();
    return error.kind === kind && error.reason === reason;
  } catch {
    return false;
  }
}
