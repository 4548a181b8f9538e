import type { Channel } from 'amqplib';

import type { Outcome } from '../outcome.js';
import type { Replies } from '../replies.js';
import { RabbitConnection } from './connection.js';

/**
 * Answers over RabbitMQ's direct reply-to. On a connection of its own: a memory or disk alarm blocks connections that
 * publish, and must not keep the consuming one from acknowledging.
 */
export class RabbitReplies implements Replies {
  readonly #connection: RabbitConnection;
  #channel: Channel | undefined;
  #full = false;

  constructor(url: string, name: string) {
    this.#connection = new RabbitConnection(
      url,
      name,
      async (model) => {
        const channel = await model.createChannel();
        channel.on('error', () => undefined);
        channel.on('close', () => (this.#channel = undefined));
        channel.on('drain', () => (this.#full = false));
        this.#full = false;
        this.#channel = channel;
      },
      () => (this.#channel = undefined),
    );
  }

  get connected(): boolean {
    return this.#connection.ready;
  }

  /** The broker takes no publishes at present. */
  get blocked(): boolean {
    return this.#connection.blocked !== undefined;
  }

  open(): void {
    this.#connection.open();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  send(to: string, commandId: string, outcome: Outcome): void {
    if (!this.#channel || this.#full || this.#connection.blocked) return;
    const body = Buffer.from(JSON.stringify(outcome));
    this.#full = !this.#channel.publish('', to, body, { messageId: commandId, contentType: 'application/json' });
  }
}
