import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '../database/database.js';
import { isInfrastructure, isTransient } from '../database/errors.js';
import type { DeadMessages } from '../engine/dead-messages.js';
import { insist } from '../engine/insist.js';
import { QueueConsumer } from '../engine/queue-consumer.js';
import type { LogCursor } from '../event-log/cursor.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { CloudEvent, EventSeal } from '../messaging/cloud-event.js';
import type { Delivery } from '../messaging/command-source.js';
import { TooOldToRecognise, type InboxDays } from '../messaging/inbox-days.js';
import type { EventQueues } from '../relay/event-queues.js';
import { streamOf, type ParkedEvent, type ParkedEvents } from './parked-events.js';
import { SenderClosed } from './persistent-sender.js';
import type { Policies } from './policies.js';
import type { PolicyRunner } from './policy-runner.js';

export interface PolicyParts {
  readonly database: Database;
  readonly seal: EventSeal;
  readonly policies: Policies;
  readonly runner: PolicyRunner;
  readonly parked: ParkedEvents;
  readonly dead: DeadMessages;
  readonly queues: EventQueues;
  readonly inbox: InboxDays;
}

interface Arrival {
  readonly delivery: Delivery;
  readonly event: CloudEvent;
  readonly cursor: LogCursor;
  done: boolean;
}

const mostTries = 3;
/** Policy of events whose type this release does not know. */
const unknown = '*';

/**
 * A context's queue of events, consumed on one channel. Events of one stream are handled one after the other, those of
 * different streams side by side. An event is acknowledged when all that follows from it is durable; one that a policy
 * cannot handle blocks its stream for that policy alone.
 */
export class PolicyQueue extends QueueConsumer {
  readonly #streams = new Map<string, Arrival[]>();
  readonly #blocked = new Set<string>();
  #order: Arrival[] = [];
  #handled: LogCursor | undefined;
  #stored: LogCursor | undefined;

  constructor(
    private readonly context: string,
    queue: string,
    private readonly parts: PolicyParts,
    predecessor?: PolicyQueue,
  ) {
    super(queue, parts, predecessor);
  }

  /**
   * Looks at parked events, and remembers how far everything is handled. Called every now and then. A queue in which
   * nothing happens has no delivery that would tell who is its active consumer: if two run a parked event, they send the
   * same commands.
   */
  async poll(): Promise<void> {
    if (this.over) return;
    await this.#remember();
    const heads = await this.parts.parked.heads(this.context);
    const parked = new Set(heads.map((head) => key(head.policy, streamOf(head.event))));
    // What seems to be free may have been blocked a moment ago: only the stream's own turn unblocks it.
    for (const blocked of this.#blocked)
      if (!parked.has(blocked))
        this.#resume(blocked.slice(0, blocked.indexOf(' ')), blocked.slice(blocked.indexOf(' ') + 1));
    for (const head of heads) {
      const stream = streamOf(head.event);
      this.#blocked.add(key(head.policy, stream));
      if (this.#mayRun(head)) this.#resume(head.policy, stream);
    }
  }

  protected async activate(): Promise<void> {
    const heads = await insist(this.parts.database, () => this.parts.parked.heads(this.context));
    for (const { policy, event } of heads) this.#blocked.add(key(policy, streamOf(event)));
  }

  /** What is not remembered is only played again, should the queue be lost: it must not keep a worker from ending. */
  protected override async leave(): Promise<void> {
    await this.#remember().catch((error: unknown) => {
      this.log.debug({ message: `how far ${this.queue} was handled could not be stored: ${String(error)}` });
    });
  }

  /** The process is ending: somebody else will handle the event. */
  protected override failed(error: unknown): void {
    if (!(error instanceof SenderClosed)) super.failed(error);
  }

  protected sort(delivery: Delivery): void {
    const opened = this.parts.seal.open(delivery.properties.headers, delivery.body);
    if (typeof opened === 'string') return this.bury(delivery, opened);
    const arrival: Arrival = { delivery, ...opened, done: false };
    this.#order.push(arrival);
    const stream = streamOf(arrival.event);
    const waiting = this.#streams.get(stream);
    if (waiting) waiting.push(arrival);
    else {
      this.#streams.set(stream, [arrival]);
      void this.survive(this.counted(() => this.#work(stream)));
    }
  }

  async #work(stream: string): Promise<void> {
    const arrivals = this.#streams.get(stream) ?? [];
    try {
      for (let arrival = arrivals[0]; arrival && !this.over; arrival = arrivals[0]) {
        await this.#handle(arrival);
        arrivals.shift();
      }
    } finally {
      this.#streams.delete(stream);
    }
  }

  async #handle(arrival: Arrival): Promise<void> {
    const { event, delivery } = arrival;
    const { policies } = this.parts;
    const names = policies.knows(event.type)
      ? policies.of(this.context, event.type).map(({ name }) => name)
      : [unknown];
    for (const name of names) await this.#react(name, event);
    await failpoint('policies.before_acknowledge', event.id);
    delivery.acknowledge();
    arrival.done = true;
    while (this.#order[0]?.done) this.#handled = this.#order.shift()?.cursor;
  }

  /** Runs one policy on one event, or parks the event for it. */
  async #react(policy: string, event: CloudEvent): Promise<void> {
    const parked = { context: this.context, policy, event };
    if (policy === unknown) return this.#park({ ...parked, state: 'unsupported', attempts: 0 });
    const { inbox } = this.parts;
    if (inbox.forgets(new Date(event.time)))
      return this.#park({ ...parked, state: 'dead', attempts: 0 }, new TooOldToRecognise('it happened', inbox.days));
    if (this.#blocked.has(key(policy, streamOf(event))))
      return this.#park({ ...parked, state: 'blocked', attempts: 0 });
    const fault = await this.#tried(policy, event);
    if (fault) await this.#park({ ...parked, state: 'dead', attempts: mostTries }, fault.error);
  }

  /** Tries three times within a second. Infrastructure errors burn no try. */
  async #tried(name: string, event: CloudEvent): Promise<{ readonly error: unknown } | undefined> {
    const { policies, runner, database } = this.parts;
    const policy = policies.named(name, event.type);
    if (!policy)
      return {
        error: new Error(`this release has no policy ${name}: deploy the one that has, or discard the event`),
      };
    for (let tries = 1; ;) {
      if (this.over) throw new SenderClosed();
      try {
        await runner.run(policy, event);
        return undefined;
      } catch (error) {
        if (error instanceof SenderClosed) throw error;
        if (isTransient(error)) continue;
        if (isInfrastructure(error)) {
          if (await database.probe()) await delay(100);
          else await database.whenReachable();
          continue;
        }
        this.log.warn({ message: `${name} failed on ${event.type} ${event.id}: ${String(error)}`, tries });
        if (tries++ >= mostTries) return { error };
        await delay(tries * (100 + Math.random() * 100));
      }
    }
  }

  async #park(parked: ParkedEvent, error?: unknown): Promise<void> {
    await insist(this.parts.database, () => this.parts.parked.park(parked, error));
    this.#blocked.add(key(parked.policy, streamOf(parked.event)));
  }

  #mayRun({ policy, state, event }: ParkedEvent): boolean {
    return policy === unknown ? this.parts.policies.knows(event.type) : state !== 'dead';
  }

  /** Parked events are handled in the stream's turn, so that none overtakes another. */
  #resume(policy: string, stream: string): void {
    if (this.#streams.has(stream)) return;
    this.#streams.set(stream, []);
    void this.survive(
      this.counted(async () => {
        await this.#runParked(policy, stream);
        await this.#work(stream);
      }),
    );
  }

  async #runParked(policy: string, stream: string): Promise<void> {
    const { database, parked } = this.parts;
    await this.alone();
    while (!this.over) {
      const head = await insist(database, () => parked.next(policy, stream));
      if (!head) {
        this.#blocked.delete(key(policy, stream));
        return;
      }
      if (!this.#mayRun(head)) return;
      if (head.policy === unknown) {
        for (const { name } of this.parts.policies.of(this.context, head.event.type))
          await this.#react(name, head.event);
      } else {
        const fault = await this.#tried(policy, head.event);
        if (fault) {
          const dead: ParkedEvent = { ...head, state: 'dead', attempts: head.attempts + mostTries };
          return await insist(database, () => parked.parkAgain(dead, fault.error));
        }
      }
      await insist(database, () => parked.remove(head));
    }
  }

  async #remember(): Promise<void> {
    const handled = this.#handled;
    if (!handled || handled === this.#stored) return;
    await this.parts.queues.handled(this.context, handled);
    this.#stored = handled;
  }
}

const key = (policy: string, stream: string): string => `${policy} ${stream}`;
