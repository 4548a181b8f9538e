import type { Provider, Type } from '@nestjs/common';

import { commandType, decode, eventType, toWire, type Consequence, type PolicyType } from '#kernel';
import { workerContext } from '#platform/engine/context-worker-module.js';
import { eventId, type CloudEvent } from '#platform/messaging/cloud-event.js';
import { CommandPublisher } from '#platform/messaging/command-publisher.js';
import type { Envelope } from '#platform/messaging/envelope.js';
import { PersistentSender } from '#platform/policies/persistent-sender.js';
import { Policies } from '#platform/policies/policies.js';
import { PolicyRunner } from '#platform/policies/policy-runner.js';
import { ScheduledCommands } from '#platform/scheduling/scheduled-commands.js';

import { PlainPrivacy } from '../doubles/plain-privacy.js';
import { located, same } from './failures.js';
import { openStories } from './open-stories.js';
import { giveBack, takeApp, type StoryApp } from './story-app.js';
import { World } from './world.js';

/**
 * Begins a story of what follows from an event. It runs on the policies of the context's production worker module with the
 * real runner: the event and the commands pass through their wire forms. It runs twice from the beginning, and each time a
 * copy of the event follows: commands, ids and times must be the same.
 * @param doubles in place of ports that reach real servers, as in `scenario`
 */
export function policyStory(module: Type, { doubles = [] }: { doubles?: readonly Provider[] } = {}): PolicyScenario {
  return new PolicyScenario({ module, doubles, given: [] });
}

interface PolicyScript {
  readonly module: Type;
  readonly doubles: readonly Provider[];
  readonly given: readonly object[];
  readonly at?: Date;
}

export class PolicyScenario {
  constructor(private readonly script: PolicyScript) {}

  /** These have happened in the policy's own context, for the rows that it asks for; then the event happens. */
  given(...events: readonly object[]): PolicyScenario {
    return new PolicyScenario({ ...this.script, given: [...this.script.given, ...events] });
  }

  on(event: object): PolicyStory {
    return new PolicyStory(this.script, event);
  }
}

/** A story that waits for its end: one of `then` and `thenNothing`, whose promise the test awaits or returns. */
export class PolicyStory {
  constructor(
    private readonly script: PolicyScript,
    private readonly event: object,
  ) {
    openStories.add(this);
  }

  /** When the event occurred. */
  at(time: string): PolicyStory {
    openStories.delete(this);
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) throw new TypeError(`"${time}" is no time: write 2026-03-01T10:00:00Z`);
    return new PolicyStory({ ...this.script, at }, this.event);
  }

  /** Exactly this follows, in this order: `send(…)`, `schedule(…)`, `unschedule(…)`. */
  // A story reads on from on() to then(); awaiting one that has no end fails it.
  then(first: Consequence, ...more: readonly Consequence[]): Promise<void> {
    const [fulfilled, rejected] = [first, ...more] as unknown[];
    if (typeof fulfilled === 'function' && typeof rejected === 'function') {
      openStories.delete(this);
      rejected(new Error('the story has no end: add .then(consequences) or .thenNothing()'));
      return Promise.resolve();
    }
    return this.#tell([first, ...more]);
  }

  thenNothing(): Promise<void> {
    return this.#tell([]);
  }

  get #name(): string {
    return this.event.constructor.name;
  }

  async #tell(expected: readonly Consequence[]): Promise<void> {
    const told = new Error('told here');
    try {
      const first = await this.#run(expected);
      const second = await this.#run(expected);
      same(`what follows from ${this.#name} is another time something else`, second, first);
    } catch (error) {
      throw located(error as Error, told);
    } finally {
      openStories.delete(this);
    }
  }

  /** What was carried out. */
  async #run(expected: readonly Consequence[]): Promise<readonly unknown[]> {
    const { module, doubles, given, at = someTime } = this.script;
    const app = await takeApp(module, doubles);
    const world = new World(app);
    for (const event of given) world.happen(event, new Date(at.getTime() - anHour), someone);
    if (given.length > 0 && world.knows(this.event)) world.happen(this.event, at, someone);
    const before = world.trace();

    const event = this.#delivered(at, world.versionOf(this.event));
    const reaction = await this.#react(app, event);
    same(`other things follow from ${this.#name} than the story tells`, reaction.wanted, expected.map(throughWire));
    const copy = await this.#react(app, event);
    same(`a copy of ${this.#name} has something else done`, copy.done, reaction.done);
    same(`a policy on ${this.#name} has an effect of its own`, world.trace(), before);
    giveBack(app);
    return reaction.done;
  }

  async #react(app: StoryApp, event: CloudEvent): Promise<{ wanted: Consequence[]; done: readonly unknown[] }> {
    const { name, policies = [] } = workerContext(app.module);
    const reactions = new Policies([{ name, policies }]).of(name, event.type);
    if (reactions.length === 0)
      throw new Error(`no policy reacts to ${event.type}: list it among the policies of ${app.module.name}`);
    const done = new Done();
    const sender = new PersistentSender(done);
    const runner = new PolicyRunner(
      app.database,
      (port) => app.port(port),
      sender,
      new Agenda(app.database, done),
      new PlainPrivacy(),
    );
    const wanted: Consequence[] = [];
    for (const policy of reactions) await runner.run(overheard(policy, wanted), event);
    return { wanted: wanted.map(throughWire), done: done.list };
  }

  /** The event as a queue of the broker holds it. */
  #delivered(at: Date, version: number): CloudEvent {
    const { name, type, streamField } = eventType(this.event.constructor);
    const wire = toWire(this.event);
    decode(type, wire);
    const subject = this.event[streamField as keyof object] as string;
    const streamtype = `story.${name.split('.', 1)[0]}`;
    const event: CloudEvent = {
      specversion: '1.0',
      id: eventId(streamtype, subject, version),
      source: '/contextflow/story',
      type: name,
      subject,
      time: at.toISOString(),
      datacontenttype: 'application/json',
      sequence: String(version),
      streamtype,
      actor: someone,
      correlationid: 'story',
      causationid: eventId('story.command', subject, version),
      data: wire,
    };
    return JSON.parse(JSON.stringify(event)) as CloudEvent;
  }
}

const someone = '0196a1de-0000-7000-8000-00000000000a';
const someTime = new Date('2026-03-01T10:00:00.000Z');
const anHour = 3_600_000;

/** All that the policies have had done, in order. */
class Done extends CommandPublisher {
  readonly list: unknown[] = [];
  readonly ready = true;

  async publish(envelope: Envelope): Promise<void> {
    this.add('send', envelope);
  }

  add(kind: string, what: object, at?: Date): void {
    const body = 'body' in what ? String(what.body) : undefined;
    this.list.push({ kind, ...what, body, at });
  }
}

class Agenda extends ScheduledCommands {
  override readonly cancelAll: ScheduledCommands['cancelAll'];

  constructor(
    database: StoryApp['database'],
    private readonly done: Done,
  ) {
    super(database);
    this.cancelAll = async (which) => this.done.add('unschedule', which);
  }

  override async schedule(envelope: Envelope, at: Date): Promise<void> {
    this.done.add('schedule', envelope, at);
  }
}

/** The policy, with what it wants written down. */
const overheard = (policy: PolicyType, wanted: Consequence[]): PolicyType => ({
  ...policy,
  then: (...known) => {
    const consequences = policy.then(...known);
    wanted.push(...consequences);
    return consequences;
  },
});

function throughWire(consequence: Consequence): Consequence {
  if (consequence.kind === 'unschedule') return consequence;
  const { command } = consequence;
  const wire = JSON.parse(JSON.stringify(toWire(command))) as Record<string, unknown>;
  return { ...consequence, command: decode(commandType(command.constructor).type, wire) };
}
