import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';

import { declareTopology } from '#platform/messaging/rabbitmq/declare.js';
import { partitions, type RawMessage, type TestBroker } from '#testing/test-broker.js';

const inOne = 1_000;

/** Queues of ContextFlow and of its references, and what is put into them before a round. */
export class Broker {
  private constructor(
    private readonly model: ChannelModel,
    private readonly channel: ConfirmChannel,
  ) {}

  static async connect(url: string): Promise<Broker> {
    const model = await connect(url, { noDelay: true });
    return new Broker(model, await model.createConfirmChannel());
  }

  get version(): string {
    return this.model.connection.serverProperties.version;
  }

  /** The queues of an installation's tasks, before any of its processes has run. */
  async declareTasks({ topology }: TestBroker): Promise<string[]> {
    await declareTopology(this.model, topology, new Map([['tasks', partitions]]));
    return Array.from({ length: partitions }, (_, n) => topology.queue('tasks', partitions, n));
  }

  /** A queue of the same kind. */
  async declare(queue: string): Promise<void> {
    await this.channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  }

  /** Resolves when the broker has confirmed all. Without an exchange, the routing key is the name of a queue. */
  async publish(messages: Iterable<RawMessage>, exchange = ''): Promise<void> {
    let count = 0;
    for (const { routingKey, body, properties } of messages) {
      this.channel.publish(exchange, routingKey, body, { persistent: true, ...properties });
      if (++count % inOne === 0) await this.channel.waitForConfirms();
    }
    await this.channel.waitForConfirms();
  }

  async purge(queues: readonly string[]): Promise<void> {
    for (const queue of queues) await this.channel.purgeQueue(queue);
  }

  async remove(queue: string): Promise<void> {
    await this.channel.deleteQueue(queue);
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}
