import { randomUUID } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';

import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { PersistentSender, SenderClosed } from './persistent-sender.js';

/** A broker that takes commands, refuses them, or keeps its confirms back. */
class Broker extends CommandPublisher {
  readonly ready = true;
  /** In the order in which they were offered, refused ones too. */
  readonly offered: string[] = [];
  readonly kept: string[] = [];
  readonly #refusals = new Map<string, NotPublishedReason[]>();
  readonly #slow = new Map<string, Promise<void>>();
  away = false;

  async publish({ id }: Envelope): Promise<void> {
    this.offered.push(id);
    if (this.away) throw new NotPublished('unreachable');
    const reason = this.#refusals.get(id)?.shift();
    if (reason) throw new NotPublished(reason);
    await this.#slow.get(id);
    this.kept.push(id);
  }

  refuses({ id }: Envelope, ...reasons: NotPublishedReason[]): void {
    this.#refusals.set(id, reasons);
  }

  /** @returns what has it confirmed */
  slow({ id }: Envelope): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#slow.set(id, promise);
    return resolve;
  }
}

const lane = randomUUID();
const commandsOf = (oneLane: string, count: number): Envelope[] =>
  Array.from({ length: count }, () => sampleEnvelope({ lane: oneLane }));
const ids = (envelopes: readonly Envelope[]): string[] => envelopes.map(({ id }) => id);

describe('Commands of one lane', () => {
  it('are handed over in order, each when the one before is confirmed', async () => {
    const broker = new Broker();
    const sender = new PersistentSender(broker);
    const envelopes = commandsOf(lane, 3);
    const confirm = broker.slow(envelopes[0] as Envelope);
    const sending = Promise.all(envelopes.map((envelope) => sender.send(envelope)));
    await eventually('the first is under way', () => broker.offered.length === 1);
    expect(broker.kept).toEqual([]);
    confirm();
    await sending;
    expect(broker.offered).toEqual(ids(envelopes));
  });

  it.each(['unreachable', 'blocked', 'busy', 'refused', 'unroutable', 'unknown'] as const)(
    'wait for one that is not handed over (%s), which is tried until it is',
    async (reason) => {
      const broker = new Broker();
      const sender = new PersistentSender(broker);
      const envelopes = commandsOf(lane, 3);
      broker.refuses(envelopes[1] as Envelope, reason, reason);
      await Promise.all(envelopes.map((envelope) => sender.send(envelope)));
      const [first, second, third] = ids(envelopes);
      expect(broker.offered).toEqual([first, second, second, second, third]);
      expect(broker.kept).toEqual([first, second, third]);
    },
  );

  it('go on after one that could never be sent', async () => {
    const broken = new (class extends Broker {
      override publish(envelope: Envelope): Promise<void> {
        return this.offered.length === 0
          ? (this.offered.push(envelope.id), Promise.reject(new TypeError('no header can hold that')))
          : super.publish(envelope);
      }
    })();
    const sender = new PersistentSender(broken);
    const [first, second] = commandsOf(lane, 2) as [Envelope, Envelope];
    const results = await Promise.allSettled([sender.send(first), sender.send(second)]);
    expect(results).toMatchObject([{ reason: { message: 'no header can hold that' } }, { status: 'fulfilled' }]);
    expect(broken.kept).toEqual([second.id]);
  });
});

describe('Commands of different lanes', () => {
  it('do not wait for each other', async () => {
    const broker = new Broker();
    const sender = new PersistentSender(broker);
    const [slow, quick] = [sampleEnvelope(), sampleEnvelope()] as const;
    const confirm = broker.slow(slow);
    const sending = sender.send(slow);
    await sender.send(quick);
    expect(broker.kept).toEqual([quick.id]);
    confirm();
    await sending;
  });

  it('are told apart by their contexts too', async () => {
    const broker = new Broker();
    const sender = new PersistentSender(broker);
    const [slow, quick] = [
      sampleEnvelope({ lane, context: 'tasks' }),
      sampleEnvelope({ lane, context: 'store' }),
    ] as const;
    const confirm = broker.slow(slow);
    const sending = sender.send(slow);
    await sender.send(quick);
    confirm();
    await sending;
    expect(broker.kept).toEqual([quick.id, slow.id]);
  });
});

describe('A sender that closes', () => {
  it('gives up what it could not hand over, at once, and takes nothing more', async () => {
    const broker = new Broker();
    broker.away = true;
    const sender = new PersistentSender(broker);
    const waiting = commandsOf(lane, 3).map((envelope) => sender.send(envelope));
    const outcomes = Promise.allSettled(waiting);
    await eventually('it has tried for a while', () => broker.offered.length >= 3);
    const began = performance.now();
    sender.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: expect.any(SenderClosed) });
    expect(performance.now() - began).toBeLessThan(500);
    const offered = broker.offered.length;
    await expect(sender.send(sampleEnvelope())).rejects.toThrow(SenderClosed);
    expect(broker.offered).toHaveLength(offered);
  });
});
