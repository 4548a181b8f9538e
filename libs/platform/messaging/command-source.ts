import type { EnvelopeProperties } from './envelope.js';

/** A message as the broker delivered it. */
export interface Delivery {
  readonly properties: EnvelopeProperties;
  readonly body: Buffer;
  /** Where somebody waits for the outcome, if anybody does. */
  readonly replyTo?: string;
  /** It had been delivered before: whoever had it did not acknowledge it. */
  readonly redelivered: boolean;
  /** Does nothing once the channel is closed: the message then belongs to somebody else. */
  acknowledge(): void;
}

export interface QueueListener {
  onDelivery(delivery: Delivery): void;
  /** The channel is gone; its unacknowledged messages are delivered again, to whoever consumes the queue next. */
  onClosed(): void;
}

/** How a queue stands. */
export interface QueueState {
  /** Messages that wait in the broker: those delivered and not acknowledged are not among them. */
  readonly ready: number;
  readonly consumers: number;
}

/** A queue's consumer on a channel of its own. */
export interface QueueChannel {
  /**
   * Looks at the queue. What it delivered to this channel before has arrived when this resolves.
   * @throws Error when the channel is closed
   */
  look(): Promise<QueueState>;
  /** Gives the queue up. Unacknowledged messages go back, in order. */
  close(): Promise<void>;
}

/** Consumes queues of commands. */
export abstract class CommandSource {
  /** Connected: queues can be consumed. */
  abstract readonly ready: boolean;
  /** @throws Error while there is no connection, or when the queue does not exist */
  abstract consume(queue: string, prefetch: number, listener: QueueListener): Promise<QueueChannel>;
}
