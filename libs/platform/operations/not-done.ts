import type { Database, Transaction } from '../database/database.js';
import { isTransient } from '../database/errors.js';

/**
 * Why an operator's action was not done.
 * - `unknown`: there is no such thing (any more).
 * - `ended`: the command has an outcome.
 * - `waits`: it waits behind another, `by`.
 * - `changed`: it is not in the version that was expected.
 * - `unverified`: nobody here can tell who has signed it.
 * - `type_unknown`: this release does not know its type.
 * - `lane_changed`: another payload would belong to another aggregate.
 * - `running`: it goes on by itself.
 */
export type NotDoneReason =
  'unknown' | 'ended' | 'waits' | 'changed' | 'unverified' | 'type_unknown' | 'lane_changed' | 'running';

/** An operator's action was not done, and nothing has changed. */
export class NotDone extends Error {
  constructor(
    readonly reason: NotDoneReason,
    readonly by?: string,
  ) {
    super(reason);
  }
}

const mostTries = 5;

/** An operator's transaction. What workers do at the same time may stand in its way for a moment. */
export async function acting<T>(database: Database, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await database.transaction(work);
    } catch (error) {
      if (!isTransient(error) || tries >= mostTries) throw error;
    }
}
