import type { Envelope } from './envelope.js';

/**
 * - `unreachable`, `blocked`, `busy`: nothing was sent.
 * - `refused`, `unroutable`: the broker did not keep it.
 * - `unknown`: no confirm came in time; it may have arrived. Sending it again under the same id is safe.
 */
export type NotPublishedReason = 'unreachable' | 'blocked' | 'busy' | 'refused' | 'unroutable' | 'unknown';

export class NotPublished extends Error {
  constructor(readonly reason: NotPublishedReason) {
    super(`the command could not be handed over: ${reason}`);
  }
}

/** Hands a command over to the broker. */
export abstract class CommandPublisher {
  /**
   * Resolves once the broker has confirmed that a queue holds the command durably.
   * @param options `replied`: whoever runs the command is asked to tell its outcome
   * @throws NotPublished
   */
  abstract publish(envelope: Envelope, options?: { readonly replied?: boolean }): Promise<void>;
  abstract readonly ready: boolean;
}
