import { Injectable } from '@nestjs/common';

import { alive } from '../database/alive.js';
import type { Database } from '../database/database.js';

/** When everything accepted before by a partition had an outcome or was parked, as its worker said: SQL over its report. */
export const settledUntil = (worker: string, report: string): string => `
  coalesce((${report} ->> 'oldest')::timestamptz,
    ${worker}.seen_at - (${report} ->> 'empty')::float8 * interval '1 millisecond')`;

const frontier = {
  name: 'partition_reports_frontier',
  text: `
    select case when bool_and(said.until is not null) then min(said.until) end as until
    from platform.contexts c
    cross join lateral generate_series(0, c.partitions - 1) as n
    left join lateral (
      select min(${settledUntil('w', 'w.partitions -> k.key')}) as until
      from (select concat_ws('.', c.name, c.partitions, n) as key) k
      join platform.workers w on w.partitions ? k.key
      where ${alive('w')}
    ) said on true
    where c.name = any($1)`,
};

const done = {
  name: 'partition_reports_done',
  text: `
    select r.key, sum((r.value ->> 'done')::float8)::float8 as done
    from platform.workers w, jsonb_each(w.partitions) r
    where ${alive('w')} group by 1`,
};

/** What workers say of their partitions with each heartbeat. */
@Injectable()
export class PartitionReports {
  constructor(
    private readonly database: Database,
    private readonly contexts: readonly string[],
  ) {}

  /**
   * Whatever was accepted before, for any lane, has an outcome or is parked. Undefined while a partition has no worker
   * that can say so: then nothing is known of what waits there.
   */
  async settledUntil(): Promise<Date | undefined> {
    const [row] = await this.database.query<{ until: Date | null }>(frontier, [this.contexts]);
    return row?.until ?? undefined;
  }

  /** How many commands each partition's worker is done with since it took it, by `reportKey`. */
  async done(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ key: string; done: number }>(done);
    return new Map(rows.map((row) => [row.key, row.done]));
  }
}
