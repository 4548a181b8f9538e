import { Injectable } from '@nestjs/common';

import { Database } from '#platform/database/database.js';
import { Limiter } from '#platform/database/limiter.js';
import { Problem } from '#platform/http/problem.js';

import { ShareSettingsQueries } from '../../read-models/share-settings.queries.js';
import { sameToken } from '../tokens/same-token.js';

const quarter = 15 * 60;

/** Ends guessing: five wrong tokens of one caller for one birthing person, and no token is looked at for a while. */
@Injectable()
export class TokenGuesses {
  readonly #guesses: Limiter;

  constructor(
    database: Database,
    private readonly settings: ShareSettingsQueries,
  ) {
    this.#guesses = new Limiter(database, { schema: 'subscriptions', name: 'share_token', points: 5, within: quarter });
  }

  /**
   * Whether the token is right, the command decides. Each attempt costs before it is looked at, so that those which are
   * made all at once are counted, too; a right one costs nothing.
   * @throws Problem 429 `token_attempts_exceeded`, with `Retry-After`
   */
  async attempt(callerId: string, birthingPersonId: string, token: string): Promise<void> {
    const guess = `${callerId} ${birthingPersonId}`;
    const wait = await this.#guesses.take(guess);
    if (wait > 0)
      throw new Problem({
        code: 'RATE_LIMITED',
        reason: 'token_attempts_exceeded',
        detail: 'too many tokens for this birthing person were wrong: wait, then ask for the one that is shared by now',
        headers: { 'Retry-After': String(wait) },
      });
    const shared = await this.settings.of(birthingPersonId);
    if (shared && sameToken(token, shared.token)) await this.#guesses.giveBack(guess);
  }
}
