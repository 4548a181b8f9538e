import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';

import { FixedPartitions } from '#testing/doubles/fixed-partitions.js';
import { eventually } from '#testing/eventually.js';
import { sharedServers } from '#testing/servers.js';
import { partitions, TestBroker } from '#testing/test-broker.js';

import { declareTopology } from './declare.js';
import { RabbitQueueDepths } from './rabbit-queue-depths.js';

const counts = new FixedPartitions(new Map([['tasks', partitions]]));

describe('The depths of queues', () => {
  let broker: TestBroker;
  let model: ChannelModel;
  let depths: RabbitQueueDepths;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = new TestBroker(sharedServers().rabbitmqUrl);
    model = await connect(broker.url);
    await declareTopology(model, broker.topology, counts.known);
    depths = new RabbitQueueDepths(broker.url, 'test', broker.topology, counts);
    depths.onApplicationBootstrap();
    await eventually('it is connected', async () => (await depths.read()).length > 0);
  });
  afterAll(async () => {
    await depths?.onApplicationShutdown();
    await model?.close();
    await broker?.remove(['tasks']);
  });

  it('are those of every partition', async () => {
    const body = Buffer.from('{}');
    const message = { routingKey: broker.topology.routingKey('tasks', partitions, 3), body, properties: {} };
    await broker.publish([message, message]);
    const seen = await eventually('both messages are seen', async () => {
      const all = await depths.read();
      return all[3]?.ready === 2 && all;
    });
    expect(seen).toHaveLength(partitions);
    expect(seen[3]).toEqual({ context: 'tasks', partition: 3, ready: 2, consumers: 0 });
    expect(seen[4]).toEqual({ context: 'tasks', partition: 4, ready: 0, consumers: 0 });
  });

  it('count who consumes', async () => {
    const channel = await model.createChannel();
    await channel.consume(broker.topology.queue('tasks', partitions, 5), () => undefined);
    await eventually('the consumer is seen', async () => (await depths.read())[5]?.consumers === 1);
    await channel.close();
  });

  it('leave out a queue that is gone, and go on with the others', async () => {
    await broker.deleteQueue(broker.topology.queue('tasks', partitions, 0));
    const seen = await depths.read();
    expect(seen.map(({ partition }) => partition)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('cannot be told without a connection', async () => {
    const unconnected = new RabbitQueueDepths(broker.url, 'test', broker.topology, counts);
    await expect(unconnected.read()).rejects.toThrow('cannot be reached');
  });
});
