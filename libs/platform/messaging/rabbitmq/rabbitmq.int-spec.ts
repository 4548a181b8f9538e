import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connect } from 'amqplib';

import { FixedPartitions } from '#testing/doubles/fixed-partitions.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';
import { sharedServers } from '#testing/servers.js';
import { partitions, TestBroker } from '#testing/test-broker.js';

import type { NotPublished } from '../command-publisher.js';
import type { Delivery, QueueChannel, QueueListener } from '../command-source.js';
import { EnvelopeSeal, laneHash, partitionOf } from '../envelope.js';
import { declareTopology } from './declare.js';
import { RabbitCommandPublisher } from './rabbit-command-publisher.js';
import { RabbitCommandSource } from './rabbit-command-source.js';

const seal = new EnvelopeSeal(`one:${'s'.repeat(32)}`);
const counts = new FixedPartitions(new Map([['tasks', partitions]]));
let broker: TestBroker;
let publisher: RabbitCommandPublisher;
let source: RabbitCommandSource;
const channels: QueueChannel[] = [];

/** What a queue's consumer got. */
class Collected implements QueueListener {
  readonly deliveries: Delivery[] = [];
  closed = 0;

  onDelivery(delivery: Delivery): void {
    this.deliveries.push(delivery);
  }
  onClosed(): void {
    this.closed++;
  }
  get ids(): string[] {
    return this.deliveries.map(({ properties }) => properties.messageId);
  }
  holds(count: number): Promise<unknown> {
    return eventually(`${count} deliveries`, () => this.deliveries.length >= count, { every: 10 });
  }
}

const newPublisher = () => new RabbitCommandPublisher(broker.url, 'test', broker.topology, counts, seal, 500);
const queueOf = (lane: string): string => broker.topology.queue('tasks', partitions, partitionOf(lane, partitions));

async function collect(queue: string, prefetch = 100): Promise<Collected & { channel: QueueChannel }> {
  const collected = new Collected();
  const channel = await source.consume(queue, prefetch, collected);
  channels.push(channel);
  return Object.assign(collected, { channel });
}

/** A lane whose queue no test before has used. */
const lanes = Array.from({ length: partitions }, (_, n) => {
  for (let id = 0; ; id++) {
    const lane = `0196a1de-0000-7000-8000-${id.toString(16).padStart(12, '0')}`;
    if (laneHash(lane) % partitions === n) return lane;
  }
});
let used = 0;
const freshLane = (): string => lanes[used++] as string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  broker = new TestBroker(sharedServers().rabbitmqUrl);
  publisher = newPublisher();
  source = new RabbitCommandSource(broker.url, 'test', broker.topology, counts);
  publisher.open();
  source.open();
  await eventually('both are connected', () => publisher.ready && source.ready);
});
afterEach(() => Promise.all(channels.splice(0).map((channel) => channel.close())));
afterAll(async () => {
  await Promise.all([publisher.close(), source.close()]);
  await broker.remove(['tasks']);
});

describe('A command that was published', () => {
  it('arrives in the queue of its lane’s partition, as it was sealed', async () => {
    const envelope = sampleEnvelope({
      lane: freshLane(),
      body: Buffer.from('{"a":"ü"}'),
      keyHash: Buffer.alloc(32, 3),
    });
    await publisher.publish(envelope);
    const arrived = await collect(queueOf(envelope.lane));
    await arrived.holds(1);
    const [delivery] = arrived.deliveries as [Delivery];
    expect(seal.open(delivery.properties, delivery.body)).toEqual({ kind: 'genuine', envelope });
    expect(delivery.redelivered).toBe(false);
    delivery.acknowledge();
  });

  it('carries nothing of the one before it', async () => {
    const lane = freshLane();
    const rich = sampleEnvelope({ lane, keyHash: Buffer.alloc(32, 3), expectedVersion: 4, deadline: new Date(0) });
    const plain = sampleEnvelope({ lane });
    await Promise.all([publisher.publish(rich), publisher.publish(plain)]);
    const arrived = await collect(queueOf(lane));
    await arrived.holds(2);
    const opened = arrived.deliveries.map(({ properties, body }) => seal.open(properties, body));
    expect(opened).toEqual([rich, plain].map((envelope) => ({ kind: 'genuine', envelope })));
    const names = arrived.deliveries.map(({ properties }) => Object.keys(properties.headers));
    expect(names[0]).toEqual(expect.arrayContaining(['key-hash', 'expected-version', 'deadline']));
    expect(names[1]).not.toEqual(expect.arrayContaining(['deadline']));
    for (const delivery of arrived.deliveries) delivery.acknowledge();
  });

  it('is confirmed, with many others under way', async () => {
    const lane = freshLane();
    const envelopes = Array.from({ length: 1_000 }, () => sampleEnvelope({ lane }));
    await Promise.all(envelopes.map((envelope) => publisher.publish(envelope)));
    const arrived = await collect(queueOf(lane), 2_000);
    await arrived.holds(1_000);
    expect(arrived.ids).toEqual(envelopes.map(({ id }) => id));
    for (const delivery of arrived.deliveries) delivery.acknowledge();
  });

  it('is acknowledged for good', async () => {
    const lane = freshLane();
    const [first, second] = [sampleEnvelope({ lane }), sampleEnvelope({ lane })] as const;
    await publisher.publish(first);
    await publisher.publish(second);
    const before = await collect(queueOf(lane));
    await before.holds(2);
    before.deliveries[0]?.acknowledge();
    await before.channel.close();
    const after = await collect(queueOf(lane));
    await after.holds(1);
    expect(after.ids).toEqual([second.id]);
    for (const delivery of after.deliveries) delivery.acknowledge();
  });
});

describe('Unacknowledged commands of a channel that closed', () => {
  it('are delivered again, said to be so, and in their order', async () => {
    const lane = freshLane();
    const envelopes = Array.from({ length: 50 }, () => sampleEnvelope({ lane }));
    for (const envelope of envelopes) await publisher.publish(envelope);
    const first = await collect(queueOf(lane), 20);
    await first.holds(20);
    for (const delivery of first.deliveries.slice(0, 5)) delivery.acknowledge();
    await first.channel.close();
    const second = await collect(queueOf(lane), 100);
    await second.holds(40);
    const rest = envelopes.map(({ id }) => id).slice(-second.deliveries.length);
    expect(second.ids).toEqual(rest);
    const redelivered = second.deliveries
      .filter((delivery) => delivery.redelivered)
      .map(({ properties }) => properties.messageId);
    expect(redelivered.slice(0, 15)).toEqual(envelopes.slice(5, 20).map(({ id }) => id));
    for (const delivery of second.deliveries) delivery.acknowledge();
  });

  it('cannot be acknowledged any more', async () => {
    const lane = freshLane();
    await publisher.publish(sampleEnvelope({ lane }));
    const first = await collect(queueOf(lane));
    await first.holds(1);
    await first.channel.close();
    expect(first.closed).toBe(1);
    first.deliveries[0]?.acknowledge();
    const second = await collect(queueOf(lane));
    await second.holds(1);
    expect(second.deliveries[0]?.redelivered).toBe(true);
    second.deliveries[0]?.acknowledge();
  });
});

describe('A queue', () => {
  it('has one consumer at a time; the next gets nothing before the first has gone', async () => {
    const lane = freshLane();
    const [active, waiting] = [await collect(queueOf(lane)), await collect(queueOf(lane))];
    for (let n = 0; n < 5; n++) await publisher.publish(sampleEnvelope({ lane }));
    await active.holds(5);
    expect(waiting.deliveries).toEqual([]);
    await active.channel.close();
    await waiting.holds(5);
    expect(waiting.ids).toEqual(active.ids);
    for (const delivery of waiting.deliveries) delivery.acknowledge();
  });

  it('that does not exist cannot be consumed, and harms no other', async () => {
    await expect(collect('nowhere')).rejects.toThrow('NOT_FOUND');
    expect(source.ready).toBe(true);
  });

  it('that is gone gives its commands back unsent, and is declared again', async () => {
    const lane = freshLane();
    const consumer = await collect(queueOf(lane));
    const model = await connect(broker.url);
    const channel = await model.createChannel();
    await channel.deleteQueue(queueOf(lane));
    await model.close();
    await eventually('the consumer knows', () => consumer.closed === 1);
    await expect(publisher.publish(sampleEnvelope({ lane }))).rejects.toMatchObject({ reason: 'unroutable' });
    await eventually('it is there again', () => publisher.publish(sampleEnvelope({ lane })).then(() => true));
  });

  it('that exists with other arguments is named', async () => {
    const model = await connect(broker.url);
    try {
      const odd = new Map([['odd', 1]]);
      const channel = await model.createChannel();
      await channel.assertQueue(broker.topology.queue('odd', 1, 0), {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      });
      await expect(declareTopology(model, broker.topology, odd)).rejects.toThrow(
        `${broker.prefix}.odd.commands.1.0" exists with other arguments`,
      );
      await channel.deleteQueue(broker.topology.queue('odd', 1, 0));
    } finally {
      await model.close();
    }
  });
});

describe('A command that was not published', () => {
  it('never left, when nobody is connected or nobody knows its context', async () => {
    await expect(newPublisher().publish(sampleEnvelope())).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(publisher.publish(sampleEnvelope({ context: 'unheard_of' }))).rejects.toMatchObject({
      reason: 'unreachable',
    });
  });

  it('may have arrived all the same, when the connection went before the confirm came', async () => {
    const leaving = newPublisher();
    leaving.open();
    await eventually('it is connected', () => leaving.ready);
    const published = Array.from({ length: 200 }, () => leaving.publish(sampleEnvelope({ lane: lanes[0] })));
    await Promise.resolve();
    await leaving.close();
    const failed = (await Promise.allSettled(published)).flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as NotPublished).reason] : [],
    );
    expect(new Set([...failed, 'unknown'])).toEqual(new Set(['unknown']));
    expect(failed.length).toBeGreaterThan(0);
  });
});
