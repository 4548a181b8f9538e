import { alive } from '../database/alive.js';
import { coalesce } from '../database/coalesce.js';
import type { Database } from '../database/database.js';

/** After so many deaths on record a command is parked dead. */
export const mostDeaths = 3;

const deaths = {
  name: 'attempts_deaths',
  text: `
    select i.id,
      count(a.process) filter (where w.id is null)::int as deaths,
      coalesce(bool_or(w.id is not null), false) as elsewhere
    from unnest($1::uuid[]) as i(id)
    left join platform.attempts a on a.command_id = i.id and a.process <> $2
    left join platform.workers w on w.id = a.process and ${alive('w')}
    group by i.id`,
};

const begin = {
  name: 'attempts_begin',
  text: `
    insert into platform.attempts (command_id, process)
    select id, $2 from unnest($1::uuid[]) as i(id) order by id
    on conflict do nothing`,
};

/**
 * The record of attempts of suspects: commands that were delivered before, or parked. A row is removed in the
 * transaction that ends its command's attempt, so an open one whose process is gone is a death.
 */
export class Attempts {
  /** How often the command may have killed its process, and whether a living one is at it now. */
  readonly history: (id: string) => Promise<{ readonly deaths: number; readonly elsewhere: boolean }>;
  /** Resolves once the attempt is on record. */
  readonly begin: (id: string) => Promise<void>;

  constructor(database: Database, worker: string) {
    this.history = coalesce(async (ids) => {
      const rows = await database.query<{ id: string; deaths: number; elsewhere: boolean }>(deaths, [
        [...new Set(ids)],
        worker,
      ]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? { deaths: 0, elsewhere: false });
    });
    this.begin = coalesce(async (ids) => {
      await database.query(begin, [[...new Set(ids)], worker]);
      return ids.map(() => undefined);
    });
  }
}
