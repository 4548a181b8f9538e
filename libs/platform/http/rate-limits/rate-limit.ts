import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { Problem } from '../problem.js';

/** Those who were let in this minute, at most: an attacker has any number of addresses. */
const mostKeys = 100_000;

const seconds = 60;

/** So many requests a minute for each of many, counted in memory. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory | undefined;
  /** In the order in which their minutes began. */
  readonly #keys = new Set<string>();

  /**
   * @param points requests a minute, 0 for any number
   * @param most how many are told apart; beyond that those whose minutes began first are forgotten
   */
  constructor(
    readonly points: number,
    private readonly most = mostKeys,
  ) {
    if (points > 0) this.#limiter = new RateLimiterMemory({ keyPrefix: '', points, duration: seconds });
  }

  /** @throws Problem `rate_limited` when there have been too many */
  async take(key: string): Promise<void> {
    if (!this.#limiter) return;
    try {
      const { isFirstInDuration } = await this.#limiter.consume(key);
      if (isFirstInDuration) this.#remember(this.#limiter, key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooMany(Math.max(1, Math.ceil(error.msBeforeNext / 1_000)));
    }
  }

  #remember(limiter: RateLimiterMemory, key: string): void {
    this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size <= this.most) return;
    const [oldest] = this.#keys as Iterable<string> as [string];
    this.#keys.delete(oldest);
    void limiter.delete(oldest);
  }
}

const tooMany = (wait: number): Problem =>
  new Problem({
    code: 'RATE_LIMITED',
    reason: 'rate_limited',
    detail: `these are too many requests in a minute: go on in ${wait} s`,
    headers: { 'Retry-After': String(wait) },
  });
