import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';

import { NotPublished } from '../command-publisher.js';
import type { Outcome } from '../outcome.js';
import { GatheredWrites, socketOf } from './gathered-writes.js';

interface Waiting {
  readonly settle: (failure?: NotPublished) => void;
}

/** How busy a publisher is, in messages. */
export interface PublisherLoad {
  /** So many may be unconfirmed. */
  readonly window: number;
  readonly unconfirmed: number;
  /** Wait for room in the window. */
  readonly waiting: number;
}

/** See "Direct Reply-to" in RabbitMQ's documentation. */
const replies = 'amq.rabbitmq.reply-to';

/** How long to wait for room in the window and for the confirm together, in milliseconds. */
const patience = 2_000;

/** A message on its way to the broker. */
export interface Outgoing {
  readonly messageId: string;
  readonly type: string;
  readonly correlationId: string;
  readonly contentType: string;
  /** In seconds since 1970. */
  readonly timestamp?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** A queue must take it. */
  readonly mandatory: boolean;
  /** Its outcome is to be told. */
  readonly replied?: boolean;
}

/**
 * Publishes on one confirm channel, with a bounded number of unconfirmed messages. Every message is persistent. One that
 * is `mandatory` and that no queue took comes back before its confirm, and counts as not published.
 */
export class ConfirmedPublisher {
  readonly #waiting = new Map<string, Waiting>();
  readonly #queue: (() => void)[] = [];
  readonly #returned = new Set<string>();
  readonly #headers: Record<string, string | undefined> = {};
  #channel: ConfirmChannel | undefined;
  #writes = new GatheredWrites(undefined);
  #unconfirmed = 0;
  #sequence = 0;

  constructor(
    private readonly window: number,
    private readonly onUnroutable: () => void = () => undefined,
    private readonly onReply?: (commandId: string, outcome: Outcome) => void,
  ) {}

  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      this.#detach(channel);
      // The broker may close the channel alone (its exchange is gone): a new connection sets everything up again.
      closeQuietly(model);
    });
    channel.on('drain', () => this.#admit());
    channel.on('return', (message: Message) => {
      this.#returned.add(String(message.properties.headers?.['publish-sequence']));
      this.onUnroutable();
    });
    // Direct reply-to: the consumer must be on the channel that publishes, before it does.
    if (this.onReply) await channel.consume(replies, (message) => this.#hear(message), { noAck: true });
    this.#unconfirmed = 0;
    this.#writes = new GatheredWrites(socketOf(model));
    this.#channel = channel;
  }

  get attached(): boolean {
    return this.#channel !== undefined;
  }

  get load(): PublisherLoad {
    return { window: this.window, unconfirmed: this.#unconfirmed, waiting: this.#queue.length };
  }

  /**
   * Resolves when the broker has confirmed the message and a queue holds it.
   * @throws NotPublished `unknown` when no confirm came in time: the message may or may not have arrived
   */
  async publish(exchange: string, routingKey: string, message: Outgoing): Promise<void> {
    const sequence = String(++this.#sequence);
    const deadline = performance.now() + patience;
    const entered = this.#room(deadline);
    if (entered) await entered;
    const channel = this.#channel;
    if (!channel) throw new NotPublished('unreachable');
    const { body, replied, mandatory, headers, ...properties } = message;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => settle(new NotPublished('unknown')), Math.max(1, deadline - performance.now()));
      const settle = (failure?: NotPublished): void => {
        clearTimeout(timer);
        this.#waiting.delete(sequence);
        if (failure) reject(failure);
        else resolve();
      };
      this.#waiting.set(sequence, { settle });
      this.#unconfirmed++;
      this.#writes.begin();
      channel.publish(
        exchange,
        routingKey,
        body,
        {
          ...properties,
          headers: this.#headersOf(headers, sequence),
          persistent: true,
          mandatory,
          replyTo: replied ? replies : undefined,
        },
        (error) => {
          if (this.#channel === channel) this.#unconfirmed--;
          const unroutable = this.#returned.delete(sequence);
          settle(error ? failureOf(error) : unroutable ? new NotPublished('unroutable') : undefined);
          this.#admit();
        },
      );
    });
  }

  /**
   * Good until the next message. amqplib makes the headers that it is given the prototype of others, before it encodes them
   * at once: for a new object that takes longer than the encoding.
   */
  #headersOf(headers: Outgoing['headers'], sequence: string): object {
    for (const name in this.#headers) this.#headers[name] = undefined;
    return Object.assign(this.#headers, headers, { 'publish-sequence': sequence });
  }

  #hear(message: Message | null): void {
    if (!message) return;
    try {
      this.onReply?.(String(message.properties.messageId), JSON.parse(message.content.toString('utf8')) as Outcome);
    } catch {
      // A reply is a hint: who waits for it reads the status in the end.
    }
  }

  /** Undefined when there is room. */
  #room(deadline: number): Promise<void> | undefined {
    if (this.#queue.length === 0 && this.#unconfirmed < this.window) return undefined;
    return new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(new NotPublished('busy'));
      }, deadline - performance.now());
      this.#queue.push(enter);
    });
  }

  #admit(): void {
    for (let free = this.window - this.#unconfirmed; free > 0 && this.#queue.length > 0; free--)
      this.#queue.shift()?.();
  }

  #detach(channel: ConfirmChannel): void {
    if (this.#channel === channel) this.#channel = undefined;
    for (const { settle } of this.#waiting.values()) settle(new NotPublished('unknown'));
    this.#returned.clear();
    this.#unconfirmed = 0;
    this.#admit();
  }
}

/** amqplib throws when the connection is closing already. */
function closeQuietly(model: ChannelModel): void {
  try {
    model.close().catch(() => undefined);
  } catch {
    // Closing already.
  }
}

/** amqplib answers a nack and the loss of the channel by the same callback; only after a nack is the message surely not kept. */
const failureOf = (error: unknown): NotPublished =>
  new NotPublished(error instanceof Error && error.message === 'message nacked' ? 'refused' : 'unknown');
