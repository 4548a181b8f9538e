import type { Database } from '../database/database.js';
import type { Delivery } from '../messaging/command-source.js';
import { partitionOf, type Envelope, type EnvelopeSeal } from '../messaging/envelope.js';
import { TooOldToRecognise, type InboxDays } from '../messaging/inbox-days.js';
import type { PartitionReport } from '../messaging/partition-report.js';
import type { Replies } from '../messaging/replies.js';
import { AggregateCache } from './aggregate-caches.js';
import type { AttemptDelays } from './attempt-delays.js';
import { mostDeaths, type Attempts, type History } from './attempts.js';
import { laneBlocked, tooLate, type CommandRunner, type End } from './command-runner.js';
import type { DeadMessages } from './dead-messages.js';
import type { Gate } from './gate.js';
import { insist } from './insist.js';
import type { Failure, Head, Message, Parked, Parking } from './parking.js';
import { QueueConsumer } from './queue-consumer.js';

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
  readonly delays: AttemptDelays;
  readonly inbox: InboxDays;
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
/** In milliseconds. */
const lookEvery = 2_000;

const unsuspected: History = { deaths: 0, elsewhere: 0 };

class KilledItsProcess extends Error {}

/**
 * One partition's queue, consumed on one channel. Each lane has one task, which runs one command at a time from load to
 * committed end; lanes run side by side.
 */
export class Partition extends QueueConsumer {
  readonly #lanes = new Map<string, Lane>();
  readonly #blocked = new Set<string>();
  readonly #cache = new AggregateCache(cachedAggregates);
  /** When the queue was last seen empty with nothing of it in hand, by the process's own clock. */
  #emptyAt: number | undefined;

  constructor(
    readonly key: PartitionKey,
    queue: string,
    private readonly parts: PartitionParts,
    predecessor?: Partition,
  ) {
    super(queue, parts, predecessor);
  }

  /** Lanes that are known to have parked commands. */
  get blocked(): ReadonlySet<string> {
    return this.#blocked;
  }

  /** What it has in hand: deliveries that are not acknowledged yet, and parked commands that run. */
  get load(): PartitionLoad {
    let waiting = this.unsorted.length;
    const [unopened] = this.unsorted;
    let oldest = unopened ? Date.parse(unopened.properties.headers['accepted-at'] ?? '') || Infinity : Infinity;
    for (const { arrivals, current } of this.#lanes.values()) {
      waiting += arrivals.length;
      // A lane's arrivals came in the order of their acceptance.
      const first = current ?? arrivals[0];
      if (first) oldest = Math.min(oldest, first.envelope.acceptedAt.getTime());
    }
    return { running: this.running, waiting, oldest: oldest === Infinity ? undefined : new Date(oldest) };
  }

  /** What its worker says of it with each heartbeat. */
  get report(): PartitionReport {
    const { running, waiting, oldest } = this.load;
    const idle = running === 0 && waiting === 0 && this.#emptyAt !== undefined;
    return {
      ...(oldest && { oldest }),
      ...(idle && { empty: Math.round(performance.now() - (this.#emptyAt as number)) }),
      done: this.received - waiting - this.#inHand,
    };
  }

  /**
   * Finds out every now and then whether the queue is empty. Only the active consumer can say so: another one may have
   * had deliveries that are not settled. It is the active one when it has had a delivery, or is the only one.
   */
  async poll(): Promise<void> {
    const idle = (): boolean => !this.over && this.running === 0 && this.load.waiting === 0;
    if (!idle() || performance.now() - (this.#emptyAt ?? -Infinity) < lookEvery) return;
    const at = performance.now();
    const seen = await this.look();
    if (seen?.ready === 0 && (this.active || seen.consumers === 1) && idle()) this.#emptyAt = at;
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
    if (head.settled || head.expired || !this.#blocked.has(head.lane)) return true;
    if (head.state === 'dead' || !head.due) return false;
    return head.state !== 'unsupported' || this.#genuine(head) !== undefined;
  }

  protected async activate(): Promise<void> {
    this.#cache.clear();
    const heads = await insist(this.parts.database, () => this.parts.parking.heads([this.key]));
    for (const { lane } of heads) this.#blocked.add(lane);
  }

  protected sort(delivery: Delivery): void {
    const opened = this.parts.seal.open(delivery.properties, delivery.body);
    if (opened.kind === 'dead') return this.bury(delivery, opened.reason);
    const { envelope } = opened;
    const { context, count, n } = this.key;
    if (envelope.context !== context || partitionOf(envelope.lane, count) !== n)
      return this.bury(delivery, 'misrouted');
    const supported = opened.kind === 'genuine' && this.parts.runner.supports(envelope.type, context);
    const lane = this.#lane(envelope.lane);
    lane.arrivals.push({ delivery, envelope, supported });
    this.#start(envelope.lane, lane);
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = { arrivals: [], busy: false, awake: false }));
    return lane;
  }

  #start(name: string, lane: Lane): void {
    if (lane.busy) return;
    lane.busy = true;
    void this.survive(this.#work(name, lane));
  }

  /** Arrivals that are worked on. */
  get #inHand(): number {
    let count = 0;
    for (const { current } of this.#lanes.values()) if (current) count++;
    return count;
  }

  /** The lane's task: the only code that runs its commands, blocks it and unblocks it. */
  async #work(name: string, lane: Lane): Promise<void> {
    try {
      for (;;) {
        if (this.over) break;
        if (lane.awake) {
          lane.awake = false;
          await this.counted(() => this.#runParked(name));
          continue;
        }
        const arrival = lane.arrivals.shift();
        if (!arrival) break;
        lane.current = arrival;
        await this.counted(() => this.#runArrival(name, arrival));
        lane.current = undefined;
      }
    } finally {
      lane.busy = false;
      this.#lanes.delete(name);
    }
  }

  async #runArrival(lane: string, arrival: Arrival): Promise<void> {
    const { delivery, envelope, supported } = arrival;
    const { database, attempts } = this.parts;
    if (this.parts.inbox.forgets(envelope.acceptedAt))
      return this.#park(arrival, { state: 'dead', attempts: 0, error: this.#tooOld() });
    if (this.#blocked.has(lane)) return this.#park(arrival, { state: 'blocked', attempts: 0, crowded: supported });
    if (!supported) return this.#park(arrival, { state: 'unsupported', attempts: 0 });
    const { deaths, elsewhere } = delivery.redelivered
      ? await insist(database, () => attempts.certainHistory(envelope.id))
      : unsuspected;
    if (deaths >= mostDeaths) return this.#park(arrival, { state: 'dead', attempts: deaths, error: killed(deaths) });
    // A process that has an attempt open may have died a moment ago: until its heartbeat is missed nobody can tell. If its
    // neighbours ran beside the culprit meanwhile, each crash would go on their record too.
    const end = await this.#run(envelope, { recorded: delivery.redelivered, alone: deaths + elsewhere > 0 });
    if (end.kind === 'settled') this.#answer(arrival, end);
    else if (end.kind === 'unsupported') await this.#park(arrival, { state: 'unsupported', attempts: 0 });
    else await this.#park(arrival, { ...this.#patience(0), attempts: end.attempts, error: end.error });
  }

  #answer({ delivery, envelope }: Arrival, { outcome }: End & { kind: 'settled' }): void {
    delivery.acknowledge();
    if (delivery.replyTo) this.parts.replies.send(delivery.replyTo, envelope.id, outcome);
  }

  async #park(arrival: Arrival, parked: Omit<Parked, keyof Message>): Promise<void> {
    const { delivery, envelope } = arrival;
    const { database, parking, runner } = this.parts;
    const { properties } = delivery;
    const parkedAs = await insist(database, () => parking.park({ properties, envelope, ...parked }));
    if (parkedAs === 'full') {
      const end = await runner.run(envelope, this.#cache, laneBlocked);
      return end.kind === 'settled' ? this.#answer(arrival, end) : this.#park(arrival, { ...parked, crowded: false });
    }
    if (parkedAs === 'parked') this.#blocked.add(envelope.lane);
    delivery.acknowledge();
  }

  /** What a command that has failed waits for: its next attempt, or an operator. */
  #patience(delayed: number): Pick<Failure, 'state' | 'delay'> {
    const delay = this.parts.delays.next(delayed);
    return delay === undefined ? { state: 'dead' } : { state: 'retrying', delay };
  }

  async #runParked(lane: string): Promise<void> {
    await this.alone();
    while (!this.over) {
      const head = await insist(this.parts.database, () => this.parts.parking.headOf(this.key.context, lane));
      if (!head) {
        this.#blocked.delete(lane);
        return;
      }
      this.#blocked.add(lane);
      if (await this.#runHead(head)) continue;
      if (head.expired) await this.#refuseExpired(lane);
      return;
    }
  }

  /** Commands that wait behind the head need not wait for it to be told that they are too late. */
  async #refuseExpired(lane: string): Promise<void> {
    const { database, parking, runner, seal } = this.parts;
    for (const { properties, body } of await insist(database, () => parking.expired(this.key.context, lane))) {
      const opened = seal.open(properties, body);
      if (opened.kind === 'genuine' && !this.over) await runner.run(opened.envelope, this.#cache, tooLate);
    }
  }

  /** @returns whether the head is gone, so that the next in line may run */
  async #runHead(head: Head): Promise<boolean> {
    const { database, parking, attempts } = this.parts;
    const again = (failure: Failure) => insist(database, () => parking.parkAgain(head, failure));
    if (head.settled) {
      await insist(database, () => parking.remove(head.id));
      return true;
    }
    if (head.state === 'dead' || !head.due) return false;
    const envelope = this.#genuine(head);
    if (!envelope) {
      if (head.state !== 'unsupported') await again({ state: 'unsupported', error: undefined, tries: 0 });
      return false;
    }
    const { deaths, elsewhere } = await insist(database, () => attempts.history(head.id));
    if (elsewhere > 0) return false;
    if (deaths >= mostDeaths) {
      await again({ state: 'dead', error: killed(deaths), tries: 1 });
      return false;
    }
    const end = await this.#run(envelope, { recorded: true, alone: deaths > 0 });
    if (end.kind === 'settled') return true;
    if (end.kind === 'unsupported') await again({ state: 'unsupported', error: undefined, tries: 0 });
    else await again({ ...this.#patience(head.delayed), error: end.error, tries: end.attempts });
    return false;
  }

  /** A suspect's attempt is on record before it runs; one that may have killed a process runs alone in this one. */
  async #run(envelope: Envelope, suspect: { recorded: boolean; alone: boolean }): Promise<End> {
    const { database, attempts, gate, runner } = this.parts;
    await gate.enter(suspect.alone);
    try {
      if (suspect.recorded) await insist(database, () => attempts.begin(envelope.id));
      const end = await runner.run(envelope, this.#cache);
      // Whoever ended it may not have seen this attempt.
      if (suspect.recorded && end.kind === 'settled') await insist(database, () => attempts.forget(envelope.id));
      return end;
    } finally {
      gate.leave(suspect.alone);
    }
  }

  #tooOld(): Error {
    return new TooOldToRecognise('it was accepted', this.parts.inbox.days);
  }

  #genuine({ type, properties, body, edition }: Head): Envelope | undefined {
    const opened = this.parts.seal.open(properties, body);
    const supported = this.parts.runner.supports(type, this.key.context);
    return opened.kind === 'genuine' && supported ? { ...opened.envelope, edition } : undefined;
  }
}

const killed = (deaths: number): Error =>
  new KilledItsProcess(`the worker died ${deaths} times while it ran this command: find out why before you retry it`);
