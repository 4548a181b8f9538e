import type { Writable } from 'node:stream';

import type { ChannelModel } from 'amqplib';

type Corked = Pick<Writable, 'cork' | 'uncork'>;
type Connected = Corked & Pick<Writable, 'destroy'>;

/** The socket of a connection: amqplib's types do not tell of it. */
export const socketOf = (model: ChannelModel): Connected | undefined =>
  (model.connection as unknown as { readonly stream?: Connected }).stream;

/** Sends the messages of one turn of the event loop with one call into the system, where amqplib makes one for each. */
export class GatheredWrites {
  #gathering = false;

  constructor(private readonly socket: Corked | undefined) {}

  /** To be called before a message is handed to amqplib. */
  begin(): void {
    if (this.#gathering || !this.socket) return;
    this.#gathering = true;
    this.socket.cork();
    // amqplib hears of the message in the next tick, and hands all that there is to the socket in an immediate of its own:
    // this one comes right after it.
    process.nextTick(() => process.nextTick(() => setImmediate(() => this.#end())));
  }

  #end(): void {
    this.#gathering = false;
    this.socket?.uncork();
  }
}
