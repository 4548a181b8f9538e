import { Injectable } from '@nestjs/common';

import { FailedSignIns } from '../limits/failed-sign-ins.js';
import { tooManySignIns } from '../refusals.js';
import { PasswordHashes } from './password-hashes.js';
import { TooManyWaiting, TurnsByKey } from './turns.js';

/** A password that somebody claims to know. */
export interface Claim {
  /** What failures are counted for: a login name, whether or not anybody has it. */
  readonly name: string;
  readonly password: string;
  /** Where the claim comes from. */
  readonly address: string;
}

/** Checks passwords so that they cannot be guessed: claims for one name take turns, so that none escapes the count. */
@Injectable()
export class PasswordChecks {
  readonly #turns = new TurnsByKey({ running: 1, waiting: 20 });

  constructor(
    private readonly hashes: PasswordHashes,
    private readonly failures: FailedSignIns,
  ) {}

  /**
   * Takes the same time for an unknown name and for a wrong password.
   * @param find what the name stands for, with its hash; it does not count unless it may sign in
   * @returns undefined when the claim is wrong
   * @throws Problem 429 `account_locked`, `too_many_failures` or `too_many_sign_ins`
   */
  async prove<Account extends { readonly passwordHash: string | null; readonly isActive: boolean }>(
    { name, password, address }: Claim,
    find: () => Promise<Account | undefined>,
  ): Promise<Account | undefined> {
    try {
      return await this.#turns.take(name, async () => {
        await this.failures.check(name, address);
        const account = await find();
        const right = await this.hashes.verify(password, account?.passwordHash);
        if (right && account?.isActive) {
          await this.failures.succeeded(name);
          return account;
        }
        await this.failures.failed(name, address);
        return undefined;
      });
    } catch (error) {
      throw error instanceof TooManyWaiting ? tooManySignIns() : error;
    }
  }
}
