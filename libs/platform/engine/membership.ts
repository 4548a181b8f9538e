import { hostname } from 'node:os';

import { Logger } from '@nestjs/common';

import { alive } from '../database/alive.js';
import type { Database } from '../database/database.js';
import type { PartitionReport } from '../messaging/partition-report.js';
import type { Member } from './assignment.js';

const beat = {
  name: 'membership_beat',
  text: `
    with me as (
      insert into platform.workers (id, host, pid, release, contexts, slots, handled, partitions)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (id) do update set slots = excluded.slots, handled = excluded.handled, partitions = excluded.partitions,
        seen_at = now(),
        throughput = 0.8 * workers.throughput + 0.2 * (excluded.handled - workers.handled)
          / greatest(0.05, extract(epoch from now() - workers.seen_at))
      returning id, contexts, wish
    )
    select w.id, w.contexts from platform.workers w where ${alive('w')} and w.id <> $1 and w.wish is null
    union all
    select id, contexts from me where wish is null`,
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
   * Says that this worker lives, what it holds, and how its partitions stand (by `reportKey`).
   * @returns all living workers that are to hold slots, this one included unless an operator has paused it; undefined when
   *   the database does not answer
   */
  async beat(
    slots: readonly string[],
    handled: number,
    reports: Readonly<Record<string, PartitionReport>> = {},
  ): Promise<readonly Member[] | undefined> {
    const said = JSON.stringify(reports);
    const values = [this.id, hostname(), process.pid, this.release, this.contexts, slots, handled, said];
    try {
      const members = await this.database.query<{ id: string; contexts: string[] }>(beat, values);
      return members.sort((a, b) => (a.id < b.id ? -1 : 1));
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
