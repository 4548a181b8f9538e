import { Injectable } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';

import { EventFlow } from '../event-flow.js';
import { RabbitCommandSource } from '../messaging/rabbitmq/rabbit-command-source.js';
import { RabbitReplies } from '../messaging/rabbitmq/rabbit-replies.js';
import { Engine } from './engine.js';

/**
 * Lets the worker be a Nest microservice, with its life cycle. Nest's own RabbitMQ transport would not acknowledge, not
 * persist, prefetch without limit and close without draining.
 */
@Injectable()
export class CommandTransport extends Server implements CustomTransportStrategy {
  #closing: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly source: RabbitCommandSource,
    private readonly replies: RabbitReplies,
    private readonly events: EventFlow,
  ) {
    super();
  }

  listen(callback: () => void): void {
    this.source.open();
    this.replies.open();
    this.events.open();
    this.engine.start();
    callback();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.events.stop();
    await this.engine.stop();
    await Promise.all([this.source.close(), this.replies.close(), this.events.close()]);
  }

  on(): void {
    throw new Error('the command transport has no events of its own');
  }

  unwrap<T>(): T {
    return this.engine as T;
  }
}
