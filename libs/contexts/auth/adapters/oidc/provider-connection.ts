import type { CustomFetch } from 'openid-client';

import { backoff } from '#platform/resilience/backoff.js';
import { CircuitBreaker, CircuitOpen } from '#platform/resilience/circuit-breaker.js';

/** The provider did not answer, or said that it cannot at present. */
class ProviderAway extends Error {
  constructor(why: string, cause?: unknown) {
    super(`the identity provider ${why}`, { cause });
  }
}

const mostTries = 2;
const pause = 150;

/** HTTP to an identity provider: each request in limited time, what only reads again, and none while it is away. */
export class ProviderConnection {
  readonly #breaker = new CircuitBreaker({ failures: 5, pause: 10_000 });
  /** So long, in milliseconds, a request may take with all its tries. */
  readonly longest: number;

  /** @param patience milliseconds for one try */
  constructor(private readonly patience: number) {
    this.longest = mostTries * (patience + pause);
  }

  readonly fetch: CustomFetch = async (url, options) => {
    const tries = options.method === 'GET' ? mostTries : 1;
    for await (const attempt of backoff({ first: pause, most: pause, signal: options.signal })) {
      try {
        return await this.#breaker.run(() => this.#once(url, options));
      } catch (error) {
        if (attempt + 1 >= tries || error instanceof CircuitOpen) throw error;
      }
    }
    throw new ProviderAway('did not answer in time');
  };

  /** The body is read here, so that the time for it is limited, too. */
  async #once(url: string, options: Parameters<CustomFetch>[1]): Promise<Response> {
    const signal = AbortSignal.timeout(this.patience);
    try {
      const response = await fetch(url, { ...(options as RequestInit), signal });
      const body = await response.arrayBuffer();
      if (response.status >= 500 || response.status === 429) throw new ProviderAway(`answered ${response.status}`);
      const { status, headers } = response;
      return new Response(body.byteLength > 0 ? body : null, { status, headers });
    } catch (error) {
      throw error instanceof ProviderAway ? error : new ProviderAway('did not answer', error);
    }
  }
}

/** Whether a failure, or what it was caused by, is that the provider is away. */
export function isAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ProviderAway || cause instanceof CircuitOpen) return true;
  return false;
}
