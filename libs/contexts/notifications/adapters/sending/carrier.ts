import type { Delivery, OutgoingMessage } from '../../application/ports.js';

/** The provider could not be reached, did not answer in time, or said that it is out of order. */
export class ProviderAway extends Error {
  constructor(
    why: string,
    /** Nothing of the message can have got there: it may be handed over again at once. */
    readonly untouched: boolean,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** Hands one message to a provider, once. */
export interface Carrier {
  /** @throws ProviderAway, which tells nothing of this message but of all */
  deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery>;
}
