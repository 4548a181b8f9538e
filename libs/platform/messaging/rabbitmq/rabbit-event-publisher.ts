import type { ChannelModel } from 'amqplib';

import { cloudEventType, type EventMessage } from '../cloud-event.js';
import { NotPublished } from '../command-publisher.js';
import type { EventPublisher } from '../event-publisher.js';
import type { Topology } from '../topology.js';
import { closeChannel } from './close-channel.js';
import { RabbitConnection } from './connection.js';
import { declareEvents } from './declare.js';
import { ConfirmedPublisher } from './publisher.js';

const window = 2_000;

/** Publishes events to the topic exchange, by type. An event that nobody wants is published all the same. */
export class RabbitEventPublisher implements EventPublisher {
  readonly #connection: RabbitConnection;
  readonly #publisher = new ConfirmedPublisher(window);
  #model: ChannelModel | undefined;

  constructor(
    url: string,
    name: string,
    private readonly topology: Topology,
  ) {
    this.#connection = new RabbitConnection(
      url,
      name,
      async (model) => {
        await declareEvents(model, topology);
        await this.#publisher.attach(model);
        this.#model = model;
      },
      () => (this.#model = undefined),
    );
  }

  get ready(): boolean {
    return this.#connection.ready && this.#publisher.attached && this.#connection.blocked === undefined;
  }

  open(): void {
    this.#connection.open();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  publish(message: EventMessage): Promise<void> {
    return this.#send(this.topology.events, message.type, message, false);
  }

  publishTo(context: string, message: EventMessage): Promise<void> {
    return this.#send('', this.topology.eventQueue(context), message, true);
  }

  async bind(context: string, types: readonly string[]): Promise<void> {
    const channel = await this.#model?.createChannel();
    if (!channel) throw new NotPublished('unreachable');
    channel.on('error', () => undefined);
    try {
      for (const type of types) await channel.bindQueue(this.topology.eventQueue(context), this.topology.events, type);
    } finally {
      await closeChannel(channel);
    }
  }

  async #send(
    exchange: string,
    key: string,
    { id, type, correlationId, headers, body }: EventMessage,
    mandatory: boolean,
  ): Promise<void> {
    if (!this.#connection.ready) throw new NotPublished('unreachable');
    if (this.#connection.blocked) throw new NotPublished('blocked');
    const contentType = cloudEventType;
    await this.#publisher.publish(exchange, key, {
      messageId: id,
      type,
      correlationId,
      contentType,
      headers,
      body,
      mandatory,
    });
  }
}
