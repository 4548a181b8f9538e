import { Logger } from '@nestjs/common';

import type { Database } from '../database/database.js';
import type { CommandSource, Delivery, QueueChannel, QueueListener, QueueState } from '../messaging/command-source.js';
import type { DeadMessages } from './dead-messages.js';
import { insist } from './insist.js';

/**
 * A queue with a single active consumer, consumed on one channel. A new channel is a new consumer: nothing known under the
 * old one is trusted, and what that still runs ends first.
 */
export abstract class QueueConsumer implements QueueListener {
  protected readonly log = new Logger(this.constructor.name);
  #buffer: Delivery[] = [];
  #channel: QueueChannel | undefined;
  #active = false;
  #flowing = false;
  #stopped = false;
  #closed = false;
  #running = 0;
  #received = 0;
  readonly #idle: (() => void)[] = [];
  #predecessor: QueueConsumer | undefined;

  /** @param predecessor the same queue on an earlier channel of this process */
  constructor(
    protected readonly queue: string,
    private readonly keeping: { readonly database: Database; readonly dead: DeadMessages },
    predecessor?: QueueConsumer,
  ) {
    this.#predecessor = predecessor?.unfinished;
  }

  /** Reads anew what the database says: the first delivery of a channel tells that it is the active one. */
  protected abstract activate(): Promise<void>;

  /** Puts a delivery where it belongs. */
  protected abstract sort(delivery: Delivery): void;

  /** What is to be done between the end of what runs and the end of the channel. */
  protected async leave(): Promise<void> {}

  async open(source: CommandSource, prefetch: number): Promise<void> {
    this.#channel = await source.consume(this.queue, prefetch, this);
  }

  /** The channel is gone, from whichever side. */
  get closed(): boolean {
    return this.#closed;
  }

  /** It has had a delivery: it is the active consumer, until the channel closes. */
  protected get active(): boolean {
    return this.#active;
  }

  /** It must not begin anything any more. */
  protected get over(): boolean {
    return this.#stopped || this.#closed;
  }

  /** Deliveries that have not been sorted yet. */
  protected get unsorted(): readonly Delivery[] {
    return this.#buffer;
  }

  /** How many deliveries it has had. */
  protected get received(): number {
    return this.#received;
  }

  /** How the queue stands; undefined when nobody can tell. */
  protected async look(): Promise<QueueState | undefined> {
    return this.#channel?.look().catch(() => undefined);
  }

  /** How much of it runs. */
  protected get running(): number {
    return this.#running;
  }

  /**
   * Gives the queue up: what runs ends and is acknowledged, then the channel closes. Never by `basic.cancel`, after which a
   * quorum queue activates the next consumer while this one still holds deliveries (seen on 3.10 and 4.0).
   */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.#ended();
    await this.leave();
    await this.#channel?.close();
    this.#closed = true;
  }

  /**
   * Resolves when nothing runs any more of what this process held before for the queue. Nothing of this consumer may begin
   * before: neither what is delivered nor what is parked.
   */
  protected async alone(): Promise<void> {
    while (this.#predecessor) {
      await this.#predecessor.#ended();
      this.#predecessor = this.#predecessor?.unfinished;
    }
  }

  /** Itself while something of it runs, else whom it waits for. */
  private get unfinished(): QueueConsumer | undefined {
    return this.#running > 0 ? this : this.#predecessor?.unfinished;
  }

  /** Resolves when nothing of it runs. */
  async #ended(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  onDelivery(delivery: Delivery): void {
    if (this.#stopped) return;
    this.#received++;
    this.#buffer.push(delivery);
    if (!this.#flowing) void this.survive(this.#flow());
  }

  onClosed(): void {
    this.#closed = true;
    this.#buffer = [];
  }

  /** Puts aside what nobody is known to have sent. */
  protected bury(delivery: Delivery, reason: string): void {
    void this.survive(this.#bury(delivery, reason));
  }

  async #bury(delivery: Delivery, reason: string): Promise<void> {
    const { database, dead } = this.keeping;
    await insist(database, () => dead.keep(this.queue, reason, delivery));
    this.log.warn({ message: `a message in ${this.queue} was put aside as ${reason}: see platform.dead_messages` });
    delivery.acknowledge();
  }

  /** Counts the work as running, so that giving up waits for it. */
  protected async counted(work: () => Promise<void>): Promise<void> {
    this.#running++;
    try {
      await work();
    } finally {
      if (--this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** What nobody foresaw must not leave messages stuck in an open channel: closing it hands them on. */
  protected async survive(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.failed(error);
      await this.#channel?.close();
    }
  }

  protected failed(error: unknown): void {
    this.log.error({ message: `${this.queue} is handed back after ${String(error)}`, stack: (error as Error).stack });
  }

  async #flow(): Promise<void> {
    this.#flowing = true;
    try {
      if (!this.#active) {
        await this.alone();
        await this.activate();
        this.#active = true;
      }
      while (this.#buffer.length > 0) for (const delivery of this.#buffer.splice(0)) this.sort(delivery);
    } finally {
      this.#flowing = false;
    }
  }
}
