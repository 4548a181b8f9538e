import type { FastifyRequest } from 'fastify';

import { addressKey } from './address.js';
import { RateLimit } from './rate-limit.js';

export interface RequestsPerMinute {
  /** Of an address without a good token. */
  readonly anonymous: number;
  readonly user: number;
  /** Of an address, to the paths of tracking. */
  readonly tracking: number;
}

/** No other route begins like this, and whoever writes it with escapes gets the stricter limit. */
const trackingPath = '/api/v1/tracking/events';

/** How many requests are taken from whom, in each API process for itself. 0 stands for any number. */
export class RateLimits {
  readonly #anonymous: RateLimit;
  readonly #user: RateLimit;
  readonly #tracking: RateLimit;

  constructor({ anonymous, user, tracking }: RequestsPerMinute) {
    this.#anonymous = new RateLimit(anonymous);
    this.#user = new RateLimit(user);
    this.#tracking = new RateLimit(tracking);
  }

  /**
   * Counts a request that may be handled.
   * @throws Problem `rate_limited`
   */
  count(request: Pick<FastifyRequest, 'ip' | 'url'>, userId: string | undefined): Promise<void> {
    if (request.url.startsWith(trackingPath)) return this.#tracking.take(addressKey(request.ip));
    return userId === undefined ? this.countRefused(request) : this.#user.take(userId);
  }

  /**
   * Counts a request whose token is not good: guessing tokens is not free.
   * @throws Problem `rate_limited`
   */
  countRefused({ ip }: Pick<FastifyRequest, 'ip'>): Promise<void> {
    return this.#anonymous.take(addressKey(ip));
  }
}
