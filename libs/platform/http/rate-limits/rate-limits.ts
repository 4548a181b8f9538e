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

const taken = (limit: RateLimit, key: () => string): Promise<void> | undefined =>
  limit.points > 0 ? limit.take(key()) : undefined;

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
   * Counts a request that may be handled. Undefined when any number may.
   * @throws Problem `rate_limited`
   */
  count(request: Pick<FastifyRequest, 'ip' | 'url'>, userId: string | undefined): Promise<void> | undefined {
    if (request.url.startsWith(trackingPath)) return taken(this.#tracking, () => addressKey(request.ip));
    if (userId === undefined) return taken(this.#anonymous, () => addressKey(request.ip));
    return taken(this.#user, () => userId);
  }

  /**
   * Counts a request whose token is not good: guessing tokens is not free.
   * @throws Problem `rate_limited`
   */
  countRefused({ ip }: Pick<FastifyRequest, 'ip'>): Promise<void> {
    return this.#anonymous.take(addressKey(ip));
  }
}
