import { setTimeout as delay } from 'node:timers/promises';

import { alive, silence } from '../database/alive.js';
import { coalesce } from '../database/coalesce.js';
import type { Database } from '../database/database.js';

/** After so many deaths on record a command is parked dead. */
export const mostDeaths = 3;

const deaths = {
  name: 'attempts_deaths',
  text: `
    select i.id,
      count(a.process) filter (where w.id is null)::int as deaths,
      count(w.id)::int as elsewhere
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

const forget = {
  name: 'attempts_forget',
  text: 'delete from platform.attempts where command_id = any($1::uuid[])',
};

/** What is on record of a command's attempts in other processes. */
export interface History {
  /** How often it may have killed its process. */
  readonly deaths: number;
  /** How many attempts are open whose process seems to live: each may have died a moment ago. */
  readonly elsewhere: number;
}

/** In milliseconds. */
const lookAgainEvery = 250;

/**
 * The record of attempts of suspects: commands that were delivered before, or parked. A row is removed in the
 * transaction that ends its command's attempt, so an open one whose process is gone is a death.
 */
export class Attempts {
  readonly history: (id: string) => Promise<History>;
  /** Resolves once the attempt is on record. */
  readonly begin: (id: string) => Promise<void>;
  /** Resolves once nothing is on record of a command that has its outcome. */
  readonly forget: (id: string) => Promise<void>;

  /** @param patience for how long a missed heartbeat is waited for, in milliseconds */
  constructor(
    database: Database,
    worker: string,
    private readonly patience = silence + 1_000,
  ) {
    this.history = coalesce(async (ids) => {
      const rows = await database.query<History & { id: string }>(deaths, [[...new Set(ids)], worker]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? { deaths: 0, elsewhere: 0 });
    });
    this.begin = coalesce(async (ids) => {
      await database.query(begin, [[...new Set(ids)], worker]);
      return ids.map(() => undefined);
    });
    this.forget = coalesce(async (ids) => {
      await database.query(forget, [[...new Set(ids)].toSorted()]);
      return ids.map(() => undefined);
    });
  }

  /**
   * The history once it is certain whether the command has killed too many processes, or as it is when heartbeats have been
   * waited for: whoever is silent is known to be dead by then. A fleet that is restarted faster
   * than missed heartbeats show would otherwise lose more of them to one command than `mostDeaths` and the one unrecorded.
   */
  async certainHistory(id: string): Promise<History> {
    const until = performance.now() + this.patience;
    for (;;) {
      const history = await this.history(id);
      const { deaths: known, elsewhere } = history;
      if (known >= mostDeaths || known + elsewhere < mostDeaths || performance.now() > until) return history;
      await delay(lookAgainEvery);
    }
  }
}
