import { Injectable } from '@nestjs/common';

import { Database } from '#platform/database/database.js';
import { Limiter } from '#platform/database/limiter.js';

import { tooMany } from '../refusals.js';

const hour = 60 * 60;

/** Bounds how many links are asked for: by one address, and for one account. */
@Injectable()
export class LinkRequests {
  readonly #addresses: Limiter;
  readonly #accounts: Limiter;

  constructor(database: Database) {
    this.#addresses = new Limiter(database, { schema: 'auth', name: 'link_address', points: 20, within: hour });
    this.#accounts = new Limiter(database, { schema: 'auth', name: 'link_account', points: 3, within: hour });
  }

  /** @throws Problem 429 `too_many_requests`, with `Retry-After` */
  async fromAddress(address: string): Promise<void> {
    const wait = await this.#addresses.take(address);
    if (wait > 0)
      throw tooMany('too_many_requests', 'too many links were asked for from this address: wait, then try again', wait);
  }

  /** Whether another link may be made. Whoever asked is not told, for it would tell that there is such an account. */
  async forAccount(name: string): Promise<boolean> {
    return (await this.#accounts.take(name)) === 0;
  }
}
