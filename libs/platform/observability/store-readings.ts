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

/** What follows from events, and how late it is. */
export interface EventFlowState {
  /** Seconds since the oldest event that has not been relayed was recorded; 0 when there is none. */
  readonly unrelayed: number;
  /** Seconds since the oldest scheduled command that has not been sent was due; 0 when there is none. */
  readonly overdue: number;
}

export interface ParkedEventCount {
  /** `*`: no policy could be asked, since the release does not know the event. */
  readonly policy: string;
  readonly state: string;
  readonly events: number;
}

export interface SetAside {
  readonly parked: readonly ParkedCount[];
  readonly parkedEvents: readonly ParkedEventCount[];
  /** Scheduled commands that have not been sent, by context. */
  readonly scheduled: ReadonlyMap<string, number>;
  /** Dead messages by reason. */
  readonly dead: ReadonlyMap<string, number>;
}

const log = {
  name: 'metrics_log',
  text: `
    select coalesce((select position from platform.events e order by e.era desc, e.xid desc, e.position desc limit 1), 0)
        ::float8 as position,
      (select coalesce(json_object_agg(context, workers), '{}') from (
        select context, count(*) as workers from platform.workers w, unnest(w.contexts) as context
        where ${alive('w')} group by 1) as living) as workers`,
};

const flow = {
  name: 'metrics_event_flow',
  text: `
    select
      coalesce(extract(epoch from now() - (
        select e.recorded_at from platform.events e
        where (e.era, e.xid, e.position) > (
          select coalesce(c.era, 0), coalesce(c.xid, '0'), coalesce(c.position, 0)
          from (select) one left join platform.checkpoints c on c.name = 'relay')
        order by e.era, e.xid, e.position limit 1)), 0)::float8 as unrelayed,
      greatest(0, coalesce(extract(epoch from now() - (
        select min(due_at) from platform.scheduled_commands where published_at is null)), 0))::float8 as overdue`,
};

// What is set aside may be much; counting it must not cost the server more than this, whatever there is.
const bounded = { name: 'metrics_bounded', text: `select set_config('statement_timeout', '900', true)` };

const parked = {
  name: 'metrics_parked',
  text: `
    select context, state, count(*)::float8 as commands, extract(epoch from now() - min(accepted_at))::float8 as age
    from platform.parked_commands group by 1, 2`,
};

const parkedEvents = {
  name: 'metrics_parked_events',
  text: 'select policy, state, count(*)::float8 as events from platform.parked_events group by 1, 2 order by 1, 2',
};

const scheduled = {
  name: 'metrics_scheduled_commands',
  text: `
    select context, count(*)::float8 as commands from platform.scheduled_commands
    where published_at is null group by 1`,
};

const dead = {
  name: 'metrics_dead_messages',
  text: 'select reason, count(*)::float8 as messages from platform.dead_messages group by 1',
};

/** What the tables say of the whole installation. */
export class StoreReadings {
  readonly log: Reading<LogState>;
  readonly flow: Reading<EventFlowState>;
  readonly aside: Reading<SetAside>;

  constructor(database: Database) {
    this.log = new Reading(async () => {
      const [row] = await database.query<{ position: number; workers: Record<string, number> }>(log);
      return { position: row?.position ?? 0, workers: new Map(Object.entries(row?.workers ?? {})) };
    });
    this.flow = new Reading(async () => {
      const [row] = await database.query<EventFlowState>(flow);
      return row ?? { unrelayed: 0, overdue: 0 };
    });
    this.aside = new Reading(() =>
      database.transaction(async (transaction) => {
        await transaction.query(bounded, []);
        const messages = await transaction.query<{ reason: string; messages: number }>(dead, []);
        const waiting = await transaction.query<{ context: string; commands: number }>(scheduled, []);
        return {
          scheduled: new Map(waiting.map(({ context, commands }) => [context, commands])),
          parkedEvents: await transaction.query<ParkedEventCount>(parkedEvents, []),
          parked: await transaction.query<ParkedCount>(parked, []),
          dead: new Map(messages.map(({ reason, messages: count }) => [reason, count])),
        };
      }),
    );
  }
}
