import { Logger } from '@nestjs/common';

import type { CommandSource } from '../messaging/command-source.js';
import { reportKey, type PartitionReport } from '../messaging/partition-report.js';
import type { Partitions } from '../messaging/partitions.js';
import type { Topology } from '../messaging/topology.js';
import { atMost } from '../resilience/at-most.js';
import { assign, type Slot } from './assignment.js';
import type { CommandRunner } from './command-runner.js';
import type { Membership } from './membership.js';
import type { Head } from './parking.js';
import { Partition, type PartitionKey, type PartitionLoad, type PartitionParts } from './partition.js';

/** Something that a worker holds while it is assigned to it. */
export interface Held {
  open(source: CommandSource, prefetch: number): Promise<void>;
  /** Gives it up once what runs has ended. */
  close(): Promise<void>;
  readonly closed: boolean;
  /** Called about once a second while it is held. */
  poll?(): Promise<void>;
}

/** A slot beside the partitions of commands. */
export interface Duty extends Slot {
  /** @param predecessor what this process held before for the slot: what that still runs ends first */
  make(predecessor: Held | undefined): Held;
}

/** What a partition that this worker holds has to do. */
export interface HeldPartition extends PartitionLoad {
  readonly key: PartitionKey;
  /** When the oldest parked command that may still run by itself was accepted, as seen at the last poll. */
  readonly oldestParked: Date | undefined;
}

export interface EngineParts extends PartitionParts {
  readonly source: CommandSource;
  readonly topology: Topology;
  readonly partitions: Partitions;
  readonly membership: Membership;
  readonly duties: readonly Duty[];
  readonly runner: CommandRunner;
  readonly prefetch: number;
}

const beatEvery = 500;
const pollEvery = 1_000;
/** Shutting down waits so long for running commands; the broker hands the rest to others. */
const closeWithin = 20_000;
/** The end waits so long, in milliseconds, for a heartbeat that is under way: the broker may not answer what it asks. */
const beatWithin = 2_000;

/** Holds this worker's share of the slots, and follows its changes. */
export class Engine {
  readonly #log = new Logger(Engine.name);
  readonly #held = new Map<string, Held>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #last = new Map<string, Held>();
  #heads: readonly Head[] = [];
  #timers: NodeJS.Timeout[] = [];
  #beating: Promise<void> | undefined;
  #polling: Promise<void> | undefined;
  #stopping = false;
  #joined = false;

  constructor(private readonly parts: EngineParts) {}

  start(): void {
    this.#timers = [
      setInterval(() => void (this.#beating ??= this.#beat().finally(() => (this.#beating = undefined))), beatEvery),
      setInterval(() => void (this.#polling ??= this.#poll().finally(() => (this.#polling = undefined))), pollEvery),
    ];
  }

  /** In the table of workers, with the broker at hand. */
  get joined(): boolean {
    return this.#joined && this.parts.source.ready;
  }

  /** Names of the slots that it holds, those included that it gives up and still runs something of. */
  get slots(): readonly string[] {
    const held = [...this.#held].filter(([, each]) => !each.closed).map(([name]) => name);
    return [...new Set([...held, ...this.#closing.keys()])];
  }

  get partitions(): readonly HeldPartition[] {
    return this.#open().map((partition) => {
      const heads = this.#heads.filter((head) => head.state !== 'dead' && partition.owns(head));
      const oldest = Math.min(...heads.map(({ acceptedAt }) => acceptedAt.getTime()));
      const oldestParked = oldest === Infinity ? undefined : new Date(oldest);
      return { key: partition.key, ...partition.load, oldestParked };
    });
  }

  /** Gives up everything in an orderly way and leaves. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#joined = false;
    for (const timer of this.#timers) clearInterval(timer);
    await atMost(beatWithin, this.#beating);
    const closed = Promise.all([
      ...[...this.#held.keys()].map((name) => this.#giveUp(name)),
      ...this.#closing.values(),
    ]);
    if (!(await atMost(closeWithin, closed)))
      this.#log.warn({ message: 'commands were still running at the end; the broker hands them to another worker' });
    await this.parts.membership.leave();
  }

  /** One heartbeat, and what follows from who is there. Without the broker it stays silent, so that others take over. */
  async #beat(): Promise<void> {
    for (const [name, held] of this.#held) if (held.closed) this.#held.delete(name);
    if (!this.parts.source.ready) {
      this.#joined = false;
      return;
    }
    const members = await this.parts.membership.beat(this.slots, this.parts.runner.handled, this.#reports());
    if (!members || this.#stopping) return;
    this.#joined = true;
    const slots = this.#slots();
    const assigned = assign(slots, members);
    const mine = new Set(
      [...assigned].filter(([, worker]) => worker === this.parts.membership.id).map(([name]) => name),
    );
    for (const name of this.#held.keys()) if (!mine.has(name)) void this.#giveUp(name);
    await Promise.all(
      [...mine].filter((name) => !this.#held.has(name) && !this.#closing.has(name)).map((name) => this.#take(name)),
    );
  }

  #reports(): Record<string, PartitionReport> {
    const reports = this.#open().map(({ key: { context, count, n }, report }) => [
      reportKey(context, count, n),
      report,
    ]);
    return Object.fromEntries(reports) as Record<string, PartitionReport>;
  }

  #slots(): Slot[] {
    const slots: Slot[] = [...this.parts.duties];
    for (const [context, count] of this.parts.partitions.known)
      for (let n = 0; n < count; n++) slots.push({ name: this.parts.topology.queue(context, count, n), context });
    return slots;
  }

  async #take(name: string): Promise<void> {
    const held = this.#make(name);
    this.#held.set(name, held);
    try {
      await held.open(this.parts.source, this.parts.prefetch);
      this.#last.set(name, held);
    } catch (error) {
      if (this.#held.get(name) === held) this.#held.delete(name);
      this.#log.warn({ message: `${name} could not be consumed: ${String(error)}. Trying on.` });
    }
  }

  #make(name: string): Held {
    const last = this.#last.get(name);
    const duty = this.parts.duties.find((candidate) => candidate.name === name);
    if (duty) return duty.make(last);
    const key = this.#partition(name) as PartitionKey;
    return new Partition(key, name, this.parts, last instanceof Partition ? last : undefined);
  }

  #partition(name: string): PartitionKey | undefined {
    for (const [context, count] of this.parts.partitions.known)
      for (let n = 0; n < count; n++)
        if (this.parts.topology.queue(context, count, n) === name) return { context, count, n };
    return undefined;
  }

  #giveUp(name: string): Promise<void> {
    const held = this.#held.get(name);
    this.#held.delete(name);
    if (!held) return Promise.resolve();
    const closing = held.close().finally(() => this.#closing.delete(name));
    this.#closing.set(name, closing);
    return closing;
  }

  #open(): Partition[] {
    return [...this.#held.values()].filter((held): held is Partition => held instanceof Partition && !held.closed);
  }

  /** Wakes lanes whose first parked command may run, and those that wait for one that is gone. */
  async #poll(): Promise<void> {
    const open = this.#open();
    try {
      for (const held of this.#held.values()) if (!held.closed) await held.poll?.();
      if (open.length === 0) return;
      const heads = await this.parts.parking.heads(open.map(({ key }) => key));
      this.#heads = heads;
      const byLane = new Map(heads.map((head) => [`${head.context} ${head.lane}`, head]));
      for (const partition of open) {
        for (const lane of partition.blocked) if (!byLane.has(`${partition.key.context} ${lane}`)) partition.wake(lane);
        for (const head of heads) if (partition.owns(head) && partition.runnable(head)) partition.wake(head.lane);
      }
    } catch (error) {
      this.#log.debug({ message: `parked commands could not be read: ${String(error)}` });
    }
  }
}
