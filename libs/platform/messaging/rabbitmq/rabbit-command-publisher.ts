import { setTimeout as delay } from 'node:timers/promises';

import type { ChannelModel } from 'amqplib';

import { NotPublished, type CommandPublisher } from '../command-publisher.js';
import { partitionOf, type Envelope, type EnvelopeSeal } from '../envelope.js';
import type { Outcome } from '../outcome.js';
import type { Partitions } from '../partitions.js';
import type { Topology } from '../topology.js';
import { RabbitConnection } from './connection.js';
import { declarePartitions } from './declare.js';
import { ConfirmedPublisher, type PublisherLoad } from './publisher.js';

/**
 * A deleted queue is declared again only after so many milliseconds: its consumers must have heard of the deletion first,
 * else the broker may take the consumer of the old queue for one of the new and deliver to nobody.
 */
const beforeRedeclaring = 1_000;

/** Publishes commands to the quorum queue of their lane's partition. */
export class RabbitCommandPublisher implements CommandPublisher {
  readonly #connection: RabbitConnection;
  readonly #publisher: ConfirmedPublisher;
  #model: ChannelModel | undefined;
  #redeclaring = false;

  constructor(
    url: string,
    name: string,
    private readonly topology: Topology,
    private readonly partitions: Partitions,
    private readonly seal: EnvelopeSeal,
    window: number,
    /** Told the outcomes of commands that were published with `replied`. */
    onReply?: (commandId: string, outcome: Outcome) => void,
  ) {
    this.#publisher = new ConfirmedPublisher(window, () => this.#redeclare(beforeRedeclaring), onReply);
    this.#connection = new RabbitConnection(
      url,
      name,
      async (model) => {
        await partitions.counts();
        await declarePartitions(model, topology, partitions);
        await this.#publisher.attach(model);
        this.#model = model;
      },
      () => (this.#model = undefined),
    );
    partitions.onChange(() => this.#redeclare(0));
  }

  get ready(): boolean {
    return this.#connection.ready && this.#publisher.attached && this.#connection.blocked === undefined;
  }

  get connected(): boolean {
    return this.#connection.ready;
  }

  /** The broker takes no publishes at present. */
  get blocked(): boolean {
    return this.#connection.blocked !== undefined;
  }

  get load(): PublisherLoad {
    return this.#publisher.load;
  }

  open(): void {
    this.#connection.open();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async publish(envelope: Envelope, { replied = false }: { replied?: boolean } = {}): Promise<void> {
    const count = this.partitions.known.get(envelope.context);
    if (count === undefined || !this.#connection.ready) throw new NotPublished('unreachable');
    if (this.#connection.blocked) throw new NotPublished('blocked');
    if (this.partitions.changing(envelope.context)) throw new NotPublished('unroutable');
    const key = this.topology.routingKey(envelope.context, count, partitionOf(envelope.lane, count));
    await this.#publisher.publish(this.topology.commands, key, {
      ...this.seal.seal(envelope),
      contentType: 'application/json',
      timestamp: Math.floor(envelope.acceptedAt.getTime() / 1000),
      body: envelope.body,
      mandatory: true,
      replied,
    });
  }

  /** A command came back because its queue is gone, or another count holds: the next one finds what is declared then. */
  #redeclare(after: number): void {
    const model = this.#model;
    if (!model || this.#redeclaring) return;
    this.#redeclaring = true;
    void delay(after)
      .then(() => this.partitions.refresh())
      .then(() => declarePartitions(model, this.topology, this.partitions))
      .catch(() => undefined)
      .finally(() => (this.#redeclaring = false));
  }
}
