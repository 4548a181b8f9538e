import { Injectable, type OnModuleDestroy } from '@nestjs/common';

import type { Outcome } from '../messaging/outcome.js';

/** So many commands of one process may be waited for at the same time; one request waits for up to a hundred. */
const mostWaiting = 10_000;

/** A request that waits for the outcome of a command of its own. */
export interface Waiting {
  /** The outcome, or undefined when it was not told within so many milliseconds, or the process is ending. */
  within(milliseconds: number): Promise<Outcome | undefined>;
  /** Nobody waits any longer. */
  cancel(): void;
}

type Settle = (outcome: Outcome | undefined) => void;

/** Brings outcomes that workers tell to the requests that wait for them. */
@Injectable()
export class Outcomes implements OnModuleDestroy {
  readonly #waiting = new Map<string, Set<Settle>>();
  #count = 0;
  #closing = false;

  /** Begins to listen. Undefined when too many wait already, or the process is ending: then nobody is to wait. */
  expect(commandId: string): Waiting | undefined {
    if (this.#closing || this.#count >= mostWaiting) return undefined;
    let settle: Settle = () => undefined;
    const told = new Promise<Outcome | undefined>((resolve) => (settle = resolve));
    const all = this.#waiting.get(commandId) ?? new Set();
    this.#waiting.set(commandId, all.add(settle));
    this.#count++;
    const cancel = (): void => {
      if (!all.delete(settle)) return;
      this.#count--;
      if (all.size === 0) this.#waiting.delete(commandId);
      settle(undefined);
    };
    return {
      cancel,
      within: async (milliseconds) => {
        const timer = setTimeout(cancel, milliseconds);
        try {
          return await told;
        } finally {
          clearTimeout(timer);
          cancel();
        }
      },
    };
  }

  /** For how many commands requests wait. */
  get waiting(): number {
    return this.#count;
  }

  settle(commandId: string, outcome: Outcome): void {
    for (const settle of this.#waiting.get(commandId) ?? []) settle(outcome);
  }

  /** The answers that are still possible must go out before the server closes. */
  onModuleDestroy(): void {
    this.#closing = true;
    for (const all of this.#waiting.values()) for (const settle of all) settle(undefined);
  }
}
