/** It was not even tried: the last attempts had all failed. */
export class CircuitOpen extends Error {
  constructor() {
    super('too many attempts have failed: the next is made after a pause');
  }
}

export interface CircuitBreakerOptions {
  /** After so many failures in a row it opens. */
  readonly failures: number;
  /** So long, in milliseconds, it stays open before one attempt is let through. */
  readonly pause: number;
  /** Milliseconds of a clock that is never set. */
  readonly now?: () => number;
}

/** Keeps requests from waiting, one after the other, for a server that does not answer. */
export class CircuitBreaker {
  #failures = 0;
  #closedFrom = 0;
  readonly #now: () => number;

  constructor(private readonly options: CircuitBreakerOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** @throws CircuitOpen, or what the work throws, which counts as a failure */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#now() < this.#closedFrom) throw new CircuitOpen();
    // The first after a pause tries for all: the others stay out until it is known how it went.
    this.#open();
    try {
      const result = await work();
      this.#failures = 0;
      this.#closedFrom = 0;
      return result;
    } catch (error) {
      this.#failures++;
      this.#open();
      throw error;
    }
  }

  #open(): void {
    const { failures, pause } = this.options;
    if (this.#failures >= failures) this.#closedFrom = this.#now() + pause;
  }
}
