import { hostname } from 'node:os';

import { Logger } from '@nestjs/common';

import { alive } from '../database/alive.js';
import type { Database } from '../database/database.js';
import type { Member } from './assignment.js';

const beat = {
  name: 'membership_beat',
  text: `
    with me as (
      insert into platform.workers (id, host, pid, release, contexts, slots, handled)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (id) do update set slots = excluded.slots, handled = excluded.handled, seen_at = now()
    )
    select w.id, w.contexts from platform.workers w where ${alive('w')} and w.id <> $1`,
};

/** This worker's row in `platform.workers`, and who else is there. Silent for 4 seconds means gone. */
export class Membership {
  readonly #log = new Logger(Membership.name);

  constructor(
    private readonly database: Database,
    readonly id: string,
    private readonly release: string,
    private readonly contexts: readonly string[],
  ) {}

  /**
   * Says that this worker lives and what it holds.
   * @returns all living workers, this one included; undefined when the database does not answer
   */
  async beat(slots: readonly string[], handled: number): Promise<readonly Member[] | undefined> {
    const values = [this.id, hostname(), process.pid, this.release, this.contexts, slots, handled];
    try {
      const others = await this.database.query<{ id: string; contexts: string[] }>(beat, values);
      return [...others, { id: this.id, contexts: this.contexts }].sort((a, b) => (a.id < b.id ? -1 : 1));
    } catch (error) {
      this.#log.debug({ message: `no heartbeat: ${String(error)}` });
      return undefined;
    }
  }

  /** Removes this worker's row, and those of workers that have been gone for a day. */
  async leave(): Promise<void> {
    const statement = `delete from platform.workers where id = $1 or seen_at < now() - interval '1 day'`;
    await this.database.query(statement, [this.id]).catch((error: unknown) => {
      this.#log.warn({
        message: `this worker could not leave the table: ${String(error)}. Others notice within 4 seconds.`,
      });
    });
  }
}
