import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '../database/database.js';
import { isInfrastructure, isTransient } from '../database/errors.js';

/**
 * Runs a statement that may be run any number of times until the database has taken it, however long it is away.
 * @throws whatever is not an infrastructure error
 */
export async function insist<T>(database: Database, statement: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (isTransient(error)) continue;
      if (!isInfrastructure(error)) throw error;
      if (await database.probe()) await delay(100);
      else await database.whenReachable();
    }
  }
}
