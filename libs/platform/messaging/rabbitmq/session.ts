import { connect, type Channel, type ChannelModel } from 'amqplib';

import { brokerTarget } from '../../config/server-tls.js';
import type { QueueState } from '../command-source.js';
import { closeChannel } from './close-channel.js';

/** Something that is declared has other arguments there. The message is the broker's. */
export class OtherArguments extends Error {}

/** What the broker says of itself when somebody connects. */
export interface BrokerVersion {
  readonly product: string;
  readonly version: string;
}

/** One connection for an operator's command: every question on a channel of its own, since a refusal closes the channel. */
export class BrokerSession {
  private constructor(readonly model: ChannelModel) {}

  /** @throws Error when the broker cannot be reached */
  static async open(url: string, name: string): Promise<BrokerSession> {
    const target = brokerTarget(url);
    const model = await connect(target.url, {
      ...target.tls,
      timeout: 10_000,
      clientProperties: { connection_name: name },
    });
    model.on('error', () => undefined);
    return new BrokerSession(model);
  }

  async close(): Promise<void> {
    await this.model.close().catch(() => undefined);
  }

  get server(): BrokerVersion {
    const { product, version } = this.model.connection.serverProperties;
    return { product, version };
  }

  /** Undefined when there is no such queue. */
  async queue(name: string): Promise<QueueState | undefined> {
    const seen = await this.#unlessAbsent((channel) => channel.checkQueue(name));
    return seen && { ready: seen.messageCount, consumers: seen.consumerCount };
  }

  async exchangeExists(name: string): Promise<boolean> {
    return (await this.#unlessAbsent((channel) => channel.checkExchange(name))) !== undefined;
  }

  /**
   * Declares a queue that exists: the broker compares.
   * @throws OtherArguments
   */
  compareQueue(name: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#compare((channel) => channel.assertQueue(name, { durable: true, arguments: args }));
  }

  /** @throws OtherArguments */
  compareExchange(name: string, type: string): Promise<void> {
    return this.#compare((channel) => channel.assertExchange(name, type, { durable: true }));
  }

  /** Does nothing when queue or binding are not there. */
  async unbind(queue: string, exchange: string, key: string): Promise<void> {
    await this.#unlessAbsent((channel) => channel.unbindQueue(queue, exchange, key));
  }

  async deleteQueue(name: string): Promise<void> {
    await this.#unlessAbsent((channel) => channel.deleteQueue(name));
  }

  async #compare(ask: (channel: Channel) => Promise<unknown>): Promise<void> {
    try {
      await this.#using(ask);
    } catch (error) {
      if ((error as { code?: unknown }).code === preconditionFailed)
        throw new OtherArguments((error as Error).message, { cause: error });
      throw error;
    }
  }

  async #unlessAbsent<T>(ask: (channel: Channel) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#using(ask);
    } catch (error) {
      if ((error as { code?: unknown }).code === notFound) return undefined;
      throw error;
    }
  }

  async #using<T>(ask: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.model.createChannel();
    channel.on('error', () => undefined);
    const answer = await ask(channel);
    await closeChannel(channel);
    return answer;
  }
}

const notFound = 404;
const preconditionFailed = 406;
