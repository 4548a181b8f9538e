import type { ChannelModel, ConsumeMessage } from 'amqplib';

import type { EventQueues, Subscription } from '../../relay/event-queues.js';
import type { CommandSource, QueueChannel, QueueListener } from '../command-source.js';
import type { Partitions } from '../partitions.js';
import type { Topology } from '../topology.js';
import { RabbitConnection } from './connection.js';
import { declareTopology } from './declare.js';
import { declareSubscriptions } from './event-subscriptions.js';

/** Consumes from RabbitMQ over one connection, with one channel a queue. */
export class RabbitCommandSource implements CommandSource {
  readonly #connection: RabbitConnection;
  #model: ChannelModel | undefined;

  constructor(
    url: string,
    name: string,
    private readonly topology: Topology,
    partitions: Partitions,
    /** What its process reacts to. */
    private readonly events?: { readonly subscriptions: readonly Subscription[]; readonly queues: EventQueues },
  ) {
    this.#connection = new RabbitConnection(
      url,
      name,
      async (model) => {
        await declareTopology(model, topology, await partitions.counts());
        if (events) await declareSubscriptions(model, topology, events.subscriptions, events.queues);
        this.#model = model;
      },
      () => (this.#model = undefined),
    );
  }

  get ready(): boolean {
    return this.#connection.ready;
  }

  open(): void {
    this.#connection.open();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async consume(queue: string, prefetch: number, listener: QueueListener): Promise<QueueChannel> {
    if (!this.#model) throw new Error('RabbitMQ cannot be reached');
    const channel = await this.#model.createChannel();
    let open = true;
    const close = async (): Promise<void> => {
      if (!open) return;
      open = false;
      await channel.close().catch(() => undefined);
    };
    channel.on('error', () => undefined);
    channel.on('close', () => {
      open = false;
      listener.onClosed();
    });
    try {
      await channel.prefetch(prefetch);
      await channel.consume(queue, (message: ConsumeMessage | null) => {
        // null: the server cancelled the consumer, for example because the queue was deleted.
        if (message === null) {
          void close();
          return;
        }
        const { messageId, type, correlationId, headers } = message.properties;
        listener.onDelivery({
          properties: {
            messageId: text(messageId),
            type: text(type),
            correlationId: text(correlationId),
            headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, text(value)])),
          },
          body: message.content,
          replyTo: replyQueue(message.properties.replyTo),
          redelivered: message.fields.redelivered,
          acknowledge: () => {
            if (open) channel.ack(message);
          },
        });
      });
    } catch (error) {
      await close();
      if ((error as { code?: unknown }).code === 404) await this.#subscribeAgain(queue);
      throw error;
    }
    return { close };
  }

  /** Somebody has deleted an event queue: whoever tries again finds it declared, and the relay fills it. */
  async #subscribeAgain(queue: string): Promise<void> {
    const { topology, events } = this;
    const lost = events?.subscriptions.filter(({ context }) => topology.eventQueue(context) === queue) ?? [];
    if (this.#model && events && lost.length > 0)
      await declareSubscriptions(this.#model, topology, lost, events.queues);
  }
}

/** It is not signed: whoever may write to the broker must not be able to have the worker write into any queue. */
const replyQueue = (name: unknown): string | undefined =>
  typeof name === 'string' && name.startsWith('amq.rabbitmq.reply-to.') ? name : undefined;

/** AMQP lets anybody put anything in there. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
