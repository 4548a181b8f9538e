import type { EventMessage } from './cloud-event.js';

/** Hands public events over to the broker. */
export abstract class EventPublisher {
  abstract readonly ready: boolean;
  /**
   * Resolves once the broker has confirmed that all queues bound to the event's type hold it durably.
   * @throws NotPublished
   */
  abstract publish(message: EventMessage): Promise<void>;
  /**
   * The same, to the queue of one context alone.
   * @throws NotPublished
   */
  abstract publishTo(context: string, message: EventMessage): Promise<void>;
  /** Has the queue of a context get all events of these types from now on. */
  abstract bind(context: string, types: readonly string[]): Promise<void>;
}
