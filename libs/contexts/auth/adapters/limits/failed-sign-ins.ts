import { Injectable } from '@nestjs/common';

import { Database } from '#platform/database/database.js';
import { Limiter } from '#platform/database/limiter.js';

import { tooMany } from '../refusals.js';

const quarter = 15 * 60;

/**
 * Ends guessing. Five failures for one login name, whoever has it, lock it for a quarter of an hour from the last one; a
 * success clears the count, and so does a link to reset the password. A hundred failures from one address stop that address.
 */
@Injectable()
export class FailedSignIns {
  readonly #names: Limiter;
  readonly #addresses: Limiter;

  constructor(database: Database) {
    this.#names = new Limiter(database, { schema: 'auth', name: 'sign_in_name', points: 5, within: quarter });
    this.#addresses = new Limiter(database, { schema: 'auth', name: 'sign_in_address', points: 100, within: quarter });
  }

  /** @throws Problem 429 `account_locked` or `too_many_failures`, with `Retry-After` */
  async check(name: string, address: string): Promise<void> {
    const [locked, stopped] = await Promise.all([this.#names.blockedFor(name), this.#addresses.blockedFor(address)]);
    if (stopped > 0)
      throw tooMany(
        'too_many_failures',
        'too many attempts from this address have failed: wait, then try again',
        stopped,
      );
    if (locked > 0)
      throw tooMany(
        'account_locked',
        'too many attempts with this name have failed: wait, or reset the password',
        locked,
      );
  }

  async failed(name: string, address: string): Promise<void> {
    await Promise.all([this.#names.fail(name), this.#addresses.fail(address)]);
  }

  /** @param names all that somebody signs in with who has shown to be the one */
  async succeeded(...names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#names.clear(name)));
  }
}
