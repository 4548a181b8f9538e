import { describe, expect, it } from '@jest/globals';

import type { Database } from '../database/database.js';
import type { Delivery } from '../messaging/command-source.js';
import type { DeadMessages } from './dead-messages.js';
import { QueueConsumer } from './queue-consumer.js';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs what it is told to until it is told that it has ended. */
class Consumer extends QueueConsumer {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, () => void>();

  constructor(predecessor?: Consumer) {
    super('a queue', { database: {} as Database, dead: {} as DeadMessages }, predecessor);
  }

  protected async activate(): Promise<void> {}

  protected sort({ properties: { messageId } }: Delivery): void {
    this.#run(messageId);
  }

  /** As a parked command, which nobody delivers. */
  async runParked(name: string): Promise<void> {
    await this.alone();
    this.#run(name);
  }

  deliver(name: string): void {
    this.onDelivery({ properties: { messageId: name } } as Delivery);
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }

  #run(name: string): void {
    this.begun.push(name);
    void this.counted(() => new Promise<void>((resolve) => this.#ends.set(name, resolve)));
  }
}

describe('A queue that is consumed on a new channel', () => {
  it('begins nothing before what ran on the earlier one has ended, be it delivered or parked', async () => {
    const earlier = new Consumer();
    earlier.deliver('first');
    await nextTurn();
    earlier.onClosed();
    const now = new Consumer(earlier);
    now.deliver('second');
    void now.runParked('third');
    await nextTurn();
    expect([earlier.begun, now.begun]).toEqual([['first'], []]);
    earlier.end('first');
    await nextTurn();
    expect(now.begun.toSorted()).toEqual(['second', 'third']);
  });

  it('waits, too, for what ran two channels before, when the one between had nothing', async () => {
    const first = new Consumer();
    first.deliver('first');
    await nextTurn();
    first.onClosed();
    const between = new Consumer(first);
    between.onClosed();
    const now = new Consumer(between);
    now.deliver('second');
    await nextTurn();
    expect(now.begun).toEqual([]);
    first.end('first');
    await nextTurn();
    expect(now.begun).toEqual(['second']);
  });
});
