import { randomBytes } from 'node:crypto';

import { connect, type ChannelModel, type ConsumeMessage, type Options } from 'amqplib';

import { partitionOf } from '#platform/messaging/envelope.js';
import { Topology } from '#platform/messaging/topology.js';

/** What a test sees of a message, and can send. */
export interface RawMessage {
  readonly routingKey: string;
  readonly body: Buffer;
  readonly properties: Options.Publish;
}

export const partitions = 8;

/** A context without policies has no queue for events. */
const reacts = (context: string): boolean => context !== 'tracking';

/** A corner of a RabbitMQ that belongs to one test, told apart by a prefix of all names. */
export class TestBroker {
  readonly prefix = `t${randomBytes(5).toString('hex')}`;
  readonly topology = new Topology(this.prefix);
  #model: Promise<ChannelModel> | undefined;

  /** @param counts how many partitions contexts have, unless it is the usual number */
  constructor(
    readonly url: string,
    private readonly counts: Readonly<Record<string, number>> = {},
  ) {}

  get #subscription(): string {
    return `${this.prefix}.subscriber`;
  }

  /** All queues that the apps have there for those contexts. */
  queues(contexts: readonly string[]): string[] {
    const ofContexts = contexts.flatMap((context) => {
      const count = this.#partitionsOf(context);
      return Array.from({ length: count }, (_, n) => this.topology.queue(context, count, n));
    });
    const ofEvents = contexts.filter(reacts).map((context) => this.topology.eventQueue(context));
    return [...ofContexts, ...ofEvents, this.topology.deadLetters];
  }

  /** The key that the commands of a lane are routed by. */
  routingKey(context: string, lane: string): string {
    const count = this.#partitionsOf(context);
    return this.topology.routingKey(context, count, partitionOf(lane, count));
  }

  /** Messages that wait in a queue; those delivered but not acknowledged are not among them. */
  async waiting(queue: string): Promise<number> {
    return (await this.look(queue)).waiting;
  }

  /** How many messages wait in a queue, and how many consumers it has. */
  async look(queue: string): Promise<{ waiting: number; consumers: number }> {
    return this.#using(async (model) => {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { waiting: messageCount, consumers: consumerCount };
    });
  }

  /** Publishes, by default to the exchange of commands; resolves when the broker has confirmed all. */
  async publish(messages: readonly RawMessage[], exchange = this.topology.commands): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createConfirmChannel();
      for (const { routingKey, body, properties } of messages)
        channel.publish(exchange, routingKey, body, { persistent: true, ...properties });
      await channel.waitForConfirms();
      await channel.close();
    });
  }

  /** Shows every command of a context that is published from now on; ends with the connection. */
  async overhear(context: string, listener: (message: RawMessage) => void): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      const count = this.#partitionsOf(context);
      for (let n = 0; n < count; n++)
        await channel.bindQueue(queue, this.topology.commands, this.topology.routingKey(context, count, n));
      await channel.consume(queue, (message) => message && listener(raw(message)), { noAck: true });
    });
  }

  /** Shows every event that is published from now on, by a queue of its own; ends with the connection. */
  async overhearEvents(listener: (message: RawMessage) => void): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createChannel();
      await channel.assertExchange(this.topology.events, 'topic', { durable: true });
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, this.topology.events, '#');
      await channel.consume(queue, (message) => message && listener(raw(message)), { noAck: true });
    });
  }

  /** From now on every event is kept for `read`, whatever becomes of connections and of the broker's process. */
  async subscribe(): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createChannel();
      await channel.assertExchange(this.topology.events, 'topic', { durable: true });
      await channel.assertQueue(this.#subscription, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await channel.bindQueue(this.#subscription, this.topology.events, '#');
      await channel.close();
    });
  }

  /**
   * Shows the events that have been kept, and those that come until it is told to stop.
   * @returns stops
   */
  async read(listener: (message: RawMessage) => void): Promise<() => Promise<void>> {
    return this.#using(async (model) => {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      await channel.prefetch(1000);
      await channel.consume(this.#subscription, (message) => {
        if (!message) return;
        listener(raw(message));
        channel.ack(message);
      });
      return () => channel.close().catch(() => undefined);
    });
  }

  /** Takes so many messages out of a queue, as they come. */
  async take(queue: string, count: number): Promise<RawMessage[]> {
    return this.#using(async (model) => {
      const channel = await model.createChannel();
      await channel.prefetch(count);
      const taken: RawMessage[] = [];
      await new Promise<void>((resolve, reject) => {
        const consume = (message: ConsumeMessage | null): void => {
          if (!message) return reject(new Error(`${queue} is gone`));
          if (taken.push(raw(message)) < count) return;
          channel.ack(message, true);
          resolve();
        };
        channel.consume(queue, consume).catch(reject);
      });
      await channel.close();
      return taken;
    });
  }

  /** Deletes one queue, with what is in it. */
  async deleteQueue(queue: string): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createChannel();
      await channel.deleteQueue(queue);
      await channel.close();
    });
  }

  /** Deletes the queues and exchanges, and disconnects. */
  async remove(contexts: readonly string[]): Promise<void> {
    await this.#using(async (model) => {
      const channel = await model.createChannel();
      const queues = [...this.queues(contexts), this.#subscription];
      await Promise.all(queues.map((queue) => channel.deleteQueue(queue)));
      const { commands, deadLetters, events } = this.topology;
      for (const exchange of [commands, deadLetters, events]) await channel.deleteExchange(exchange);
    });
    await this.close();
  }

  async close(): Promise<void> {
    const model = await this.#model?.catch(() => undefined);
    this.#model = undefined;
    await model?.close().catch(() => undefined);
  }

  #partitionsOf(context: string): number {
    return this.counts[context] ?? partitions;
  }

  async #using<T>(work: (model: ChannelModel) => Promise<T>): Promise<T> {
    this.#model ??= this.#connect();
    return work(await this.#model);
  }

  async #connect(): Promise<ChannelModel> {
    try {
      const model = await connect(this.url, { clientProperties: { connection_name: 'contextflow-test' } });
      model.on('error', () => undefined);
      model.once('close', () => (this.#model = undefined));
      return model;
    } catch (error) {
      this.#model = undefined;
      throw error;
    }
  }
}

function raw({ fields, properties, content }: ConsumeMessage): RawMessage {
  const { messageId, type, correlationId, headers, contentType, timestamp } = properties as Options.Publish;
  return {
    routingKey: fields.routingKey,
    body: content,
    properties: { messageId, type, correlationId, headers, contentType, timestamp },
  };
}
