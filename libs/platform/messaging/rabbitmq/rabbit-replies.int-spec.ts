import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connect } from 'amqplib';

import { newId } from '#kernel';
import { FixedPartitions } from '#testing/doubles/fixed-partitions.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';
import { sharedServers } from '#testing/servers.js';
import { partitions, TestBroker } from '#testing/test-broker.js';

import type { Delivery, QueueChannel } from '../command-source.js';
import { EnvelopeSeal, partitionOf } from '../envelope.js';
import type { Outcome } from '../outcome.js';
import { RabbitCommandPublisher } from './rabbit-command-publisher.js';
import { RabbitCommandSource } from './rabbit-command-source.js';
import { RabbitReplies } from './rabbit-replies.js';

const seal = new EnvelopeSeal(`one:${'s'.repeat(32)}`);
const counts = new FixedPartitions(new Map([['tasks', partitions]]));
const succeeded: Outcome = { status: 'succeeded', problem: null, result: { version: 7, created: false } };
const rejected: Outcome = {
  status: 'rejected',
  problem: { kind: 'conflict', reason: 'already_exists', detail: 'there is one “already”' },
  result: null,
};
const lane = newId();

/** A process that sends commands, and what it was told of them. */
class Sender {
  readonly heard = new Map<string, Outcome>();
  readonly publisher = new RabbitCommandPublisher(
    broker.url,
    'test',
    broker.topology,
    counts,
    seal,
    2_000,
    (id, outcome) => this.heard.set(id, outcome),
  );

  static async open(): Promise<Sender> {
    const sender = new Sender();
    sender.publisher.open();
    await eventually('the sender is connected', () => sender.publisher.ready);
    return sender;
  }

  /** Sends a command, and resolves with its delivery. */
  async send(replied: boolean): Promise<Delivery> {
    const envelope = sampleEnvelope({ lane });
    await this.publisher.publish(envelope, { replied });
    const delivery = await eventually('the command was delivered', () => delivered.get(envelope.id), { every: 5 });
    delivery.acknowledge();
    return delivery;
  }

  hears(id: string): Promise<Outcome> {
    return eventually(`it hears of ${id}`, () => this.heard.get(id), { every: 5 });
  }
}

let broker: TestBroker;
let sender: Sender;
let source: RabbitCommandSource;
let replies: RabbitReplies;
let channel: QueueChannel;
const delivered = new Map<string, Delivery>();

beforeAll(async () => {
  Logger.overrideLogger(false);
  broker = new TestBroker(sharedServers().rabbitmqUrl);
  source = new RabbitCommandSource(broker.url, 'test', broker.topology, counts);
  source.open();
  replies = new RabbitReplies(broker.url, 'test');
  replies.open();
  sender = await Sender.open();
  await eventually('the source is connected', () => source.ready);
  channel = await source.consume(broker.topology.queue('tasks', partitions, partitionOf(lane, partitions)), 100, {
    onDelivery: (delivery) => delivered.set(delivery.properties.messageId, delivery),
    onClosed: () => undefined,
  });
  await answered(sender);
});
afterAll(async () => {
  await channel.close();
  await Promise.all([sender.publisher.close(), source.close(), replies.close()]);
  await broker.remove(['tasks']);
});

/** Sends commands until one is answered: then replies do work. */
async function answered(by: Sender): Promise<void> {
  await eventually('a reply arrives', async () => {
    const { properties, replyTo } = await by.send(true);
    replies.send(String(replyTo), properties.messageId, succeeded);
    return eventually('it is heard', () => by.heard.has(properties.messageId), { within: 500, every: 5 });
  });
}

describe('Whoever sends a command', () => {
  it.each([
    ['succeeded', succeeded],
    ['was rejected', rejected],
  ])('is told that it %s when he asked for it', async (_, outcome) => {
    const { properties, replyTo } = await sender.send(true);
    expect(replyTo).toMatch(/^amq\.rabbitmq\.reply-to\./);
    replies.send(String(replyTo), properties.messageId, outcome);
    expect(await sender.hears(properties.messageId)).toEqual(outcome);
  });

  it('leaves no address when he did not ask', async () => {
    expect((await sender.send(false)).replyTo).toBeUndefined();
  });

  it('is told of each command what became of that one', async () => {
    const deliveries = await Promise.all(Array.from({ length: 50 }, () => sender.send(true)));
    for (const [n, { properties, replyTo }] of deliveries.toReversed().entries())
      replies.send(String(replyTo), properties.messageId, n % 2 === 0 ? succeeded : rejected);
    for (const [n, { properties }] of deliveries.toReversed().entries())
      expect(await sender.hears(properties.messageId)).toEqual(n % 2 === 0 ? succeeded : rejected);
  });

  it('alone is told, and not his neighbour', async () => {
    const neighbour = await Sender.open();
    try {
      const [mine, theirs] = [await sender.send(true), await neighbour.send(true)];
      for (const { properties, replyTo } of [mine, theirs])
        replies.send(String(replyTo), properties.messageId, succeeded);
      await Promise.all([sender.hears(mine.properties.messageId), neighbour.hears(theirs.properties.messageId)]);
      expect(neighbour.heard.has(mine.properties.messageId)).toBe(false);
      expect(sender.heard.has(theirs.properties.messageId)).toBe(false);
    } finally {
      await neighbour.publisher.close();
    }
  });
});

describe('An address that is no place for replies', () => {
  // It is not signed: a worker would write there in the name of whoever sent the command.
  it('is not taken for one', async () => {
    const routingKey = broker.routingKey('tasks', lane);
    const places = [broker.topology.deadLetters, 'nowhere', 'x.amq.rabbitmq.reply-to.y', ''];
    for (const replyTo of places) {
      const messageId = newId();
      await broker.publish([{ routingKey, body: Buffer.from('{}'), properties: { messageId, replyTo } }]);
      const delivery = await eventually('it was delivered', () => delivered.get(messageId), { every: 5 });
      delivery.acknowledge();
      expect({ replyTo, taken: delivery.replyTo }).toEqual({ replyTo, taken: undefined });
    }
  });
});

describe('A reply that nobody waits for', () => {
  it('harms neither who sends it nor other replies', async () => {
    const leaving = await Sender.open();
    const { properties, replyTo } = await leaving.send(true);
    await leaving.publisher.close();
    for (const to of [String(replyTo), 'amq.rabbitmq.reply-to.made-up', 'amq.rabbitmq.reply-to', 'nowhere', ''])
      replies.send(to, properties.messageId, succeeded);
    await answered(sender);
    expect(leaving.heard.size).toBe(0);
  });

  it('is dropped while the broker is away', async () => {
    const closed = new RabbitReplies(broker.url, 'test');
    expect(() => closed.send('amq.rabbitmq.reply-to.made-up', newId(), succeeded)).not.toThrow();
    await closed.close();
    expect(() => closed.send('amq.rabbitmq.reply-to.made-up', newId(), succeeded)).not.toThrow();
  });
});

describe('Something else at the address for replies', () => {
  it.each([
    ['no JSON', 'garbage'],
    ['nothing', ''],
    ['bytes that are no text', Buffer.from([0xff, 0xfe])],
  ])('is not heard: %s', async (_, content) => {
    const { properties, replyTo } = await sender.send(true);
    const model = await connect(broker.url);
    const raw = await model.createConfirmChannel();
    raw.publish('', String(replyTo), Buffer.from(content as string), { messageId: properties.messageId });
    await raw.waitForConfirms();
    await model.close();
    await answered(sender);
    expect(sender.heard.has(properties.messageId)).toBe(false);
    expect(sender.publisher.ready).toBe(true);
  });
});
