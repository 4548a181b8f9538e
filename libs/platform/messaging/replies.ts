import type { Outcome } from './outcome.js';

/** Tells an outcome to whoever waits for it. A hint, at most once: who hears nothing reads the command's status. */
export abstract class Replies {
  /** @param to as the delivery gave it */
  abstract send(to: string, commandId: string, outcome: Outcome): void;
}
