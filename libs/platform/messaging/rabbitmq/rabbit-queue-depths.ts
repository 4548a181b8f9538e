import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Channel, ChannelModel } from 'amqplib';

import type { Partitions } from '../partitions.js';
import type { QueueDepth, QueueDepths } from '../queue-depths.js';
import type { Topology } from '../topology.js';
import { RabbitConnection } from './connection.js';

/**
 * Looks at queues by passive declarations. On a connection of its own: under a memory or disk alarm the broker reads
 * nothing from a connection that publishes, and just then the backlog is asked for.
 */
export class RabbitQueueDepths implements QueueDepths, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #connection: RabbitConnection;
  #model: ChannelModel | undefined;

  constructor(
    url: string,
    name: string,
    private readonly topology: Topology,
    private readonly partitions: Partitions,
  ) {
    this.#connection = new RabbitConnection(
      url,
      name,
      async (model) => void (this.#model = model),
      () => (this.#model = undefined),
    );
  }

  onApplicationBootstrap(): void {
    this.#connection.open();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#connection.close();
  }

  async read(): Promise<readonly QueueDepth[]> {
    const model = this.#model;
    if (!model) throw new Error('RabbitMQ cannot be reached');
    const depths: QueueDepth[] = [];
    let channel: Channel | undefined;
    for (const [context, count] of this.partitions.known)
      for (let partition = 0; partition < count; partition++) {
        channel ??= await quiet(model);
        try {
          const { messageCount, consumerCount } = await channel.checkQueue(
            this.topology.queue(context, count, partition),
          );
          depths.push({ context, partition, ready: messageCount, consumers: consumerCount });
        } catch (error) {
          // The broker closes the channel that asked for a queue which is not there.
          if ((error as { code?: unknown }).code !== notFound) throw error;
          channel = undefined;
        }
      }
    await channel?.close();
    return depths;
  }
}

const notFound = 404;

async function quiet(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  return channel;
}
