import { alive } from '../database/alive.js';
import type { Database } from '../database/database.js';
import { Reading } from './reading.js';

export interface LogState {
  readonly position: number;
  /** How many workers live that serve each context. */
  readonly workers: ReadonlyMap<string, number>;
}

export interface ParkedCount {
  readonly context: string;
  readonly state: string;
  readonly commands: number;
  /** Seconds since the acceptance of the oldest. */
  readonly age: number;
}

export interface SetAside {
  readonly parked: readonly ParkedCount[];
  /** Dead messages by reason. */
  readonly dead: ReadonlyMap<string, number>;
}

const log = {
  name: 'metrics_log',
  text: `
    select (select coalesce(max(position), 0) from platform.events)::float8 as position,
      (select coalesce(json_object_agg(context, workers), '{}') from (
        select context, count(*) as workers from platform.workers w, unnest(w.contexts) as context
        where ${alive('w')} group by 1) as living) as workers`,
};

// What is set aside may be much; counting it must not cost the server more than this, whatever there is.
const bounded = { name: 'metrics_bounded', text: `select set_config('statement_timeout', '900', true)` };

const parked = {
  name: 'metrics_parked',
  text: `
    select context, state, count(*)::float8 as commands, extract(epoch from now() - min(accepted_at))::float8 as age
    from platform.parked_commands group by 1, 2`,
};

const dead = {
  name: 'metrics_dead_messages',
  text: 'select reason, count(*)::float8 as messages from platform.dead_messages group by 1',
};

/** What the tables say of the whole installation. */
export class StoreReadings {
  readonly log: Reading<LogState>;
  readonly aside: Reading<SetAside>;

  constructor(database: Database) {
    this.log = new Reading(async () => {
      const [row] = await database.query<{ position: number; workers: Record<string, number> }>(log);
      return { position: row?.position ?? 0, workers: new Map(Object.entries(row?.workers ?? {})) };
    });
    this.aside = new Reading(() =>
      database.transaction(async (transaction) => {
        await transaction.query(bounded, []);
        const messages = await transaction.query<{ reason: string; messages: number }>(dead, []);
        return {
          parked: await transaction.query<ParkedCount>(parked, []),
          dead: new Map(messages.map(({ reason, messages: count }) => [reason, count])),
        };
      }),
    );
  }
}
