import { Logger } from '@nestjs/common';
import type { ChannelModel, ConsumeMessage, Message, MessagePropertyHeaders } from 'amqplib';

import type { EventQueues, Subscription } from '../../relay/event-queues.js';
import { atMost } from '../../resilience/at-most.js';
import type { CommandSource, QueueChannel, QueueListener, QueueState } from '../command-source.js';
import type { Partitions } from '../partitions.js';
import type { Topology } from '../topology.js';
import { closeChannel } from './close-channel.js';
import { RabbitConnection } from './connection.js';
import { declarePartitions } from './declare.js';
import { declareSubscriptions } from './event-subscriptions.js';
import { GatheredAcknowledgements } from './gathered-acknowledgements.js';
import { GatheredWrites, socketOf } from './gathered-writes.js';

/** The broker lets somebody consume within milliseconds. If it has not after so many, the connection is made anew. */
const answerWithin = 30_000;

/** Consumes from RabbitMQ over one connection, with one channel a queue. */
export class RabbitCommandSource implements CommandSource {
  readonly #log = new Logger(RabbitCommandSource.name);
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
        await partitions.counts();
        await declarePartitions(model, topology, partitions);
        if (events) await declareSubscriptions(model, topology, events.subscriptions, events.queues);
        this.#model = model;
      },
      () => (this.#model = undefined),
    );
    partitions.onChange(() => void this.#declareAgain(partitions));
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
    const consuming = this.#consume(queue, prefetch, listener);
    if (!(await atMost(answerWithin, consuming))) this.#connection.cut(`the broker does not answer for ${queue}`);
    return consuming;
  }

  async #consume(queue: string, prefetch: number, listener: QueueListener): Promise<QueueChannel> {
    if (!this.#model) throw new Error('RabbitMQ cannot be reached');
    const channel = await this.#model.createChannel();
    let open = true;
    const writes = new GatheredWrites(socketOf(this.#model));
    const acknowledgements = new GatheredAcknowledgements((deliveryTag, upTo) => {
      if (!open) return;
      writes.begin();
      channel.ack({ fields: { deliveryTag } } as Message, upTo);
    });
    const close = async (): Promise<void> => {
      if (!open) return;
      acknowledgements.tell();
      open = false;
      await closeChannel(channel);
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
            headers: texts(headers),
          },
          body: message.content,
          replyTo: replyQueue(message.properties.replyTo),
          redelivered: message.fields.redelivered,
          acknowledge: () => acknowledgements.settle(message.fields.deliveryTag),
        });
      });
    } catch (error) {
      await close();
      if ((error as { code?: unknown }).code === 404) await this.#subscribeAgain(queue);
      throw error;
    }
    const look = async (): Promise<QueueState> => {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      return { ready: messageCount, consumers: consumerCount };
    };
    return { close, look };
  }

  /** What fails here is declared when the connection opens next. */
  async #declareAgain(partitions: Partitions): Promise<void> {
    if (!this.#model) return;
    await declarePartitions(this.#model, this.topology, partitions).catch((error: unknown) => {
      this.#log.warn({ message: `the queues of another number of partitions: ${String(error)}` });
    });
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

function texts(headers: MessagePropertyHeaders = {}): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name in headers) found[name] = text(headers[name]);
  return found;
}

/** AMQP lets anybody put anything in there. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
