import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '../database/read-database.js';
import type { LogCursor } from '../event-log/cursor.js';

/** In milliseconds. */
const patience = 2_000;
const pauses = { first: 10, most: 100 };
/** So many requests of one process may wait at the same time; the others read what is there. */
const mostWaiting = 100;

// An event that a checkpoint has passed is shown; one that is not there needs not be passed.
const behind = {
  name: 'consistency_behind',
  text: `
    select exists (
      select from unnest($1::text[]) as n(name) left join platform.checkpoints c using (name)
      where exists (
        select from platform.events e
        where (e.era, e.xid, e.position) > (coalesce(c.era, 0), coalesce(c.xid, '0'), coalesce(c.position, 0))
          and (e.era, e.xid, e.position) <= ($2, $3::xid8, $4))
    ) as behind`,
};

/** Lets a query wait for what its author knows to have happened. */
@Injectable()
export class Consistency {
  #waiting = 0;

  constructor(private readonly db: ReadDatabase) {}

  /**
   * Resolves when these asynchronous projections have come so far, or after 2 seconds.
   * @returns whether they have
   */
  async reached(projections: readonly string[], { era, xid, position }: LogCursor): Promise<boolean> {
    const until = performance.now() + patience;
    const isBehind = async (): Promise<boolean> => {
      const [row] = await this.db.query<{ behind: boolean }>(behind, [projections, era, xid, position]);
      return row?.behind ?? true;
    };
    if (!(await isBehind())) return true;
    if (this.#waiting >= mostWaiting) return false;
    this.#waiting++;
    try {
      for (let pause = pauses.first; performance.now() < until; pause = Math.min(1.5 * pause, pauses.most)) {
        await delay(Math.min(pause, Math.max(0, until - performance.now())));
        if (!(await isBehind())) return true;
      }
      return false;
    } finally {
      this.#waiting--;
    }
  }
}
