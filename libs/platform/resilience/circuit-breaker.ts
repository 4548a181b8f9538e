import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel';

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
}

/** Keeps requests from waiting, one after the other, for a server that does not answer. */
export class CircuitBreaker {
  readonly #policy: ReturnType<typeof circuitBreaker>;

  constructor({ failures, pause }: CircuitBreakerOptions) {
    this.#policy = circuitBreaker(handleAll, { halfOpenAfter: pause, breaker: new ConsecutiveBreaker(failures) });
  }

  /** @throws CircuitOpen, or what the work throws, which counts as a failure */
  async run<T>(work: () => Promise<T>): Promise<T> {
    // The first after a pause tries for all. Cockatiel would let the others wait for it: here they are refused at once.
    if (this.#policy.state === CircuitState.HalfOpen) throw new CircuitOpen();
    try {
      return await this.#policy.execute(work);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new CircuitOpen() : error;
    }
  }
}
