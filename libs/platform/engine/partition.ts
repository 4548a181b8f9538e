import { Logger } from '@nestjs/common';

import type { Database } from '../database/database.js';
import type { CommandSource, Delivery, QueueChannel, QueueListener } from '../messaging/command-source.js';
import { partitionOf, type Envelope, type EnvelopeSeal } from '../messaging/envelope.js';
import type { Replies } from '../messaging/replies.js';
import { AggregateCache } from './aggregate-caches.js';
import { mostDeaths, type Attempts } from './attempts.js';
import type { CommandRunner, End } from './command-runner.js';
import type { DeadMessages } from './dead-messages.js';
import type { Gate } from './gate.js';
import { insist } from './insist.js';
import type { Head, ParkedState, Parking } from './parking.js';

export interface PartitionKey {
  readonly context: string;
  /** How many partitions the context has. */
  readonly count: number;
  readonly n: number;
}

export interface PartitionParts {
  readonly database: Database;
  readonly seal: EnvelopeSeal;
  readonly runner: CommandRunner;
  readonly attempts: Attempts;
  readonly parking: Parking;
  readonly dead: DeadMessages;
  readonly gate: Gate;
  readonly replies: Replies;
}

/** What a partition has in hand. */
export interface PartitionLoad {
  readonly running: number;
  readonly waiting: number;
  /** When the oldest delivery that is not acknowledged was accepted. */
  readonly oldest: Date | undefined;
}

interface Arrival {
  readonly delivery: Delivery;
  readonly envelope: Envelope;
  readonly supported: boolean;
}

interface Lane {
  readonly arrivals: Arrival[];
  /** What it works on, while that is an arrival. */
  current?: Arrival;
  busy: boolean;
  /** Its parked commands are to be looked at before the next arrival. */
  awake: boolean;
}

const cachedAggregates = 2_000;

const unsuspected = { deaths: 0, elsewhere: false };

class KilledItsProcess extends Error {}

/**
 * One partition's queue, consumed on one channel. Each lane has one task, which runs one command at a time from load to
 * committed end; lanes run side by side. A new channel is a new Partition: nothing known under the old one is trusted.
 */
export class Partition implements QueueListener {
  readonly #log = new Logger(Partition.name);
  readonly #lanes = new Map<string, Lane>();
  readonly #blocked = new Set<string>();
  readonly #cache = new AggregateCache(cachedAggregates);
  #buffer: Delivery[] = [];
  #channel: QueueChannel | undefined;
  #activated = false;
  #flowing = false;
  #stopped = false;
  #closed = false;
  #running = 0;
  readonly #idle: (() => void)[] = [];

  constructor(
    readonly key: PartitionKey,
    private readonly queue: string,
    private readonly parts: PartitionParts,
    /** The same partition on an earlier channel of this process: what it still runs ends first. */
    private predecessor?: Partition,
  ) {}

  async open(source: CommandSource, prefetch: number): Promise<void> {
    this.#channel = await source.consume(this.queue, prefetch, this);
  }

  /** The channel is gone, from whichever side. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Gives the partition up: what runs ends and is acknowledged, then the channel closes. Never by `basic.cancel`, after
   * which a quorum queue activates the next consumer while this one still holds deliveries (seen on 3.10 and 4.0).
   */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.idle();
    await this.#channel?.close();
    this.#closed = true;
  }

  /** Resolves when nothing of it runs. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  onDelivery(delivery: Delivery): void {
    if (this.#stopped) return;
    this.#buffer.push(delivery);
    if (!this.#flowing) void this.#survive(this.#flow());
  }

  onClosed(): void {
    this.#closed = true;
    this.#buffer = [];
  }

  /** Lanes that are known to have parked commands. */
  get blocked(): ReadonlySet<string> {
    return this.#blocked;
  }

  /** What it has in hand: deliveries that are not acknowledged yet, and parked commands that run. */
  get load(): PartitionLoad {
    let waiting = this.#buffer.length;
    const [unopened] = this.#buffer;
    let oldest = unopened ? Date.parse(unopened.properties.headers['accepted-at'] ?? '') || Infinity : Infinity;
    for (const { arrivals, current } of this.#lanes.values()) {
      waiting += arrivals.length;
      // A lane's arrivals came in the order of their acceptance.
      const first = current ?? arrivals[0];
      if (first) oldest = Math.min(oldest, first.envelope.acceptedAt.getTime());
    }
    return { running: this.#running, waiting, oldest: oldest === Infinity ? undefined : new Date(oldest) };
  }

  /** Has the lane's task look at its parked commands. */
  wake(name: string): void {
    const lane = this.#lane(name);
    lane.awake = true;
    this.#start(name, lane);
  }

  /** Whether the parked command's lane is one of this partition's. */
  owns({ context, lane }: Head): boolean {
    return context === this.key.context && partitionOf(lane, this.key.count) === this.key.n;
  }

  /** Whether a lane whose first parked command is that one has anything to do. */
  runnable(head: Head): boolean {
    if (head.settled || !this.#blocked.has(head.lane)) return true;
    if (head.state === 'dead' || !head.due) return false;
    return head.state !== 'unsupported' || this.#genuine(head) !== undefined;
  }

  async #flow(): Promise<void> {
    this.#flowing = true;
    try {
      if (!this.#activated) await this.#activate();
      while (this.#buffer.length > 0) {
        const arrived = this.#buffer;
        this.#buffer = [];
        for (const delivery of arrived) this.#sort(delivery);
      }
    } finally {
      this.#flowing = false;
    }
  }

  /** The first delivery of a channel says that it is the active one: only now is what the database says of lanes reliable. */
  async #activate(): Promise<void> {
    await this.predecessor?.idle();
    this.predecessor = undefined;
    this.#cache.clear();
    const heads = await insist(this.parts.database, () => this.parts.parking.heads([this.key]));
    for (const { lane } of heads) this.#blocked.add(lane);
    this.#activated = true;
  }

  #sort(delivery: Delivery): void {
    const opened = this.parts.seal.open(delivery.properties, delivery.body);
    if (opened.kind === 'dead') return void this.#survive(this.#bury(delivery, opened.reason));
    const { envelope } = opened;
    const { context, count, n } = this.key;
    if (envelope.context !== context || partitionOf(envelope.lane, count) !== n)
      return void this.#survive(this.#bury(delivery, 'misrouted'));
    const supported = opened.kind === 'genuine' && this.parts.runner.supports(envelope.type, context);
    const lane = this.#lane(envelope.lane);
    lane.arrivals.push({ delivery, envelope, supported });
    this.#start(envelope.lane, lane);
  }

  async #bury(delivery: Delivery, reason: string): Promise<void> {
    await insist(this.parts.database, () => this.parts.dead.keep(this.queue, reason, delivery));
    this.#log.warn({ message: `a message in ${this.queue} was put aside as ${reason}: see platform.dead_messages` });
    delivery.acknowledge();
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = { arrivals: [], busy: false, awake: false }));
    return lane;
  }

  #start(name: string, lane: Lane): void {
    if (lane.busy) return;
    lane.busy = true;
    void this.#survive(this.#work(name, lane));
  }

  /** The lane's task: the only code that runs its commands, blocks it and unblocks it. */
  async #work(name: string, lane: Lane): Promise<void> {
    try {
      for (;;) {
        if (this.#stopped || this.#closed) break;
        if (lane.awake) {
          lane.awake = false;
          await this.#counted(() => this.#runParked(name));
          continue;
        }
        const arrival = lane.arrivals.shift();
        if (!arrival) break;
        lane.current = arrival;
        await this.#counted(() => this.#runArrival(name, arrival));
        lane.current = undefined;
      }
    } finally {
      lane.busy = false;
      this.#lanes.delete(name);
    }
  }

  async #runArrival(lane: string, arrival: Arrival): Promise<void> {
    const { delivery, envelope, supported } = arrival;
    if (this.#blocked.has(lane)) return this.#park(arrival, 'blocked', 0);
    if (!supported) return this.#park(arrival, 'unsupported', 0);
    const { deaths, elsewhere } = delivery.redelivered ? await this.#history(envelope.id) : unsuspected;
    if (deaths >= mostDeaths) return this.#park(arrival, 'dead', deaths, killed(deaths));
    // A process that has an attempt open may have died a moment ago: until its heartbeat is missed nobody can tell. If its
    // neighbours ran beside the culprit meanwhile, each crash would go on their record too.
    const end = await this.#run(envelope, { recorded: delivery.redelivered, alone: deaths > 0 || elsewhere });
    if (end.kind === 'settled') {
      delivery.acknowledge();
      if (delivery.replyTo) this.parts.replies.send(delivery.replyTo, envelope.id, end.outcome);
    } else if (end.kind === 'unsupported') await this.#park(arrival, 'unsupported', 0);
    else await this.#park(arrival, 'dead', end.attempts, end.error);
  }

  async #park({ delivery, envelope }: Arrival, state: ParkedState, attempts: number, error?: unknown): Promise<void> {
    const { database, parking } = this.parts;
    const { properties } = delivery;
    const parked = await insist(database, () => parking.park({ properties, envelope, state, attempts, error }));
    if (parked) this.#blocked.add(envelope.lane);
    delivery.acknowledge();
  }

  async #runParked(lane: string): Promise<void> {
    while (!this.#stopped && !this.#closed) {
      const head = await insist(this.parts.database, () => this.parts.parking.headOf(this.key.context, lane));
      if (!head) {
        this.#blocked.delete(lane);
        return;
      }
      this.#blocked.add(lane);
      if (!(await this.#runHead(head))) return;
    }
  }

  /** @returns whether the head is gone, so that the next in line may run */
  async #runHead(head: Head): Promise<boolean> {
    const { database, parking } = this.parts;
    const again = (state: ParkedState, error: unknown) => insist(database, () => parking.parkAgain(head, state, error));
    if (head.settled) {
      await insist(database, () => parking.remove(head.id));
      return true;
    }
    if (head.state === 'dead' || !head.due) return false;
    const envelope = this.#genuine(head);
    if (!envelope) {
      if (head.state !== 'unsupported') await again('unsupported', undefined);
      return false;
    }
    const { deaths, elsewhere } = await this.#history(head.id);
    if (elsewhere) return false;
    if (deaths >= mostDeaths) {
      await again('dead', killed(deaths));
      return false;
    }
    const end = await this.#run(envelope, { recorded: true, alone: deaths > 0 });
    if (end.kind === 'settled') return true;
    await again(end.kind === 'unsupported' ? 'unsupported' : 'dead', end.kind === 'fault' ? end.error : undefined);
    return false;
  }

  /** A suspect's attempt is on record before it runs; one that may have killed a process runs alone in this one. */
  async #run(envelope: Envelope, suspect: { recorded: boolean; alone: boolean }): Promise<End> {
    const { database, attempts, gate, runner } = this.parts;
    await gate.enter(suspect.alone);
    try {
      if (suspect.recorded) await insist(database, () => attempts.begin(envelope.id));
      return await runner.run(envelope, this.#cache);
    } finally {
      gate.leave(suspect.alone);
    }
  }

  #history(id: string): ReturnType<Attempts['history']> {
    return insist(this.parts.database, () => this.parts.attempts.history(id));
  }

  #genuine({ type, properties, body }: Head): Envelope | undefined {
    const opened = this.parts.seal.open(properties, body);
    const supported = this.parts.runner.supports(type, this.key.context);
    return opened.kind === 'genuine' && supported ? opened.envelope : undefined;
  }

  async #counted(work: () => Promise<void>): Promise<void> {
    this.#running++;
    try {
      await work();
    } finally {
      if (--this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** What nobody foresaw must not leave messages stuck in an open channel: closing it hands them on. */
  async #survive(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#log.error({
        message: `${this.queue} is handed back after ${String(error)}`,
        stack: (error as Error).stack,
      });
      await this.#channel?.close();
    }
  }
}

const killed = (deaths: number): Error =>
  new KilledItsProcess(`the worker died ${deaths} times while it ran this command: find out why before you retry it`);
