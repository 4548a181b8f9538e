import { newId, type Projection } from '#kernel';

import { alive } from '../database/alive.js';
import type { Database, Statement, Transaction } from '../database/database.js';
import type { LogCursor } from '../event-log/cursor.js';
import { tableOf } from './read-model-table.js';

/** Seconds after which a worker that has written nothing of a rebuild may have died. */
const silence = 4;

/** How a projection stands, as the one row that all workers share says. */
export interface ProjectionState {
  readonly state: 'running' | 'stopped';
  readonly version: number;
}

/** A building anew that this worker has taken over. */
export interface RebuildRun {
  readonly projection: Projection;
  /** Whoever takes the rebuild over has another one; only the last one writes. */
  readonly run: string;
  readonly from: LogCursor;
  readonly done: number;
  /** It goes on where another worker has left it. */
  readonly resumable: boolean;
  /** Its indexes may be there already. */
  readonly indexed: boolean;
}

// What is there already belongs to the release that made it, in the version that this one says, except where a table is
// empty although there is something to show: then it was declared later than its events.
const register: Statement = {
  name: 'projection_states_register',
  text: `
    insert into platform.projections (name, context, inline, version, rebuild, rebuild_version, rebuild_asked_at)
    values ($1, $2, $3, $4::int, case when $5 then 'asked' end, case when $5 then $4::int end, case when $5 then now() end)
    on conflict (name) do update set inline = excluded.inline where projections.inline <> excluded.inline`,
};

const outdated: Statement = {
  name: 'projection_states_outdated',
  text: `
    update platform.projections set rebuild = 'asked', rebuild_version = $2::int, rebuild_asked_at = now(), rebuild_error = null
    where name = $1 and version < $2::int and (rebuild is null or rebuild = 'failed' or rebuild_version < $2::int)
    returning version`,
};

const known: Statement = {
  name: 'projection_states_known',
  text: 'select version from platform.projections where name = $1',
};

const state: Statement = {
  name: 'projection_states_state',
  text: 'select state, version from platform.projections where name = $1',
};

const stop: Statement = {
  name: 'projection_states_stop',
  text: `
    update platform.projections
    set state = 'stopped', error = $2, stopped_at = now(), stopped_event = $3, stopped_place = $4 where name = $1`,
};

const asked: Statement = {
  name: 'projection_states_asked',
  text: `
    select p.name from platform.projections p join unnest($1::text[], $2::int[]) as own(name, version) using (name)
    where p.rebuild in ('asked', 'filling', 'swapping') and coalesce(p.rebuild_version, own.version) = own.version
      and (own.version = p.version or not exists (
        select from platform.workers w where ${alive('w')} and p.context = any(w.contexts) and w.release <> $3))
    order by rebuild_asked_at limit 1`,
};

// Two that took it from each other again and again would never come to its end.
const claim: Statement = {
  name: 'projection_states_claim',
  text: `
    update platform.projections set rebuild_run = $2, rebuild_started_at = coalesce(rebuild_started_at, now()), rebuild_moved_at = now()
    where name = $1 and rebuild in ('asked', 'filling', 'swapping') and coalesce(rebuild_version, $3::int) = $3::int
      and (rebuild = 'asked' or rebuild_run is null or rebuild_moved_at < now() - make_interval(secs => ${silence}))
    returning rebuild, rebuild_era as era, rebuild_xid::text as xid, rebuild_position::text as position,
      rebuild_done::float8 as done`,
};

const begin: Statement = {
  name: 'projection_states_begin',
  text: `
    update platform.projections
    set rebuild = 'filling', rebuild_version = $3, rebuild_started_at = now(), rebuild_moved_at = now(), rebuild_era = 0, rebuild_xid = '0',
      rebuild_position = 0, rebuild_done = 0, rebuild_rate = 0, rebuild_error = null,
      rebuild_total = (select coalesce(last_value, 0) from pg_sequences
        where schemaname = 'platform' and sequencename = 'events_position_seq')
    where name = $1 and rebuild_run = $2
    returning rebuild_total::float8 as total`,
};

const advance: Statement = {
  name: 'projection_states_advance',
  text: `
    update platform.projections
    set rebuild_era = $3, rebuild_xid = $4::xid8, rebuild_position = $5, rebuild_done = $6, rebuild_rate = $7,
      rebuild_moved_at = now(),
      rebuild_total = greatest(rebuild_total, $6)
    where name = $1 and rebuild_run = $2 and rebuild in ('filling', 'swapping')
      and (rebuild_era, rebuild_xid, rebuild_position) = ($8, $9::xid8, $10)
    returning name`,
};

const swapping: Statement = {
  name: 'projection_states_swapping',
  text: `
    update platform.projections set rebuild = 'swapping' where name = $1 and rebuild_run = $2 and rebuild is not null
    returning name`,
};

const left: Statement = {
  name: 'projection_states_left',
  text: 'update platform.projections set rebuild_run = null where name = $1 and rebuild_run = $2',
};

const finish: Statement = {
  name: 'projection_states_finish',
  text: `
    update platform.projections
    set version = rebuild_version, rebuild = null, rebuild_run = null, rebuild_started_at = null, rebuilt_at = now(),
      state = 'running', error = null, stopped_at = null, stopped_event = null, stopped_place = null
    where name = $1 and rebuild_run = $2
    returning name`,
};

const fail: Statement = {
  name: 'projection_states_fail',
  text: `
    update platform.projections set rebuild = 'failed', rebuild_error = $3, rebuild_run = null, rebuild_started_at = null
    where name = $1 and rebuild_run = $2
    returning name`,
};

/** What is kept of projections beside their rows and checkpoints. */
export class ProjectionStates {
  constructor(
    private readonly database: Database,
    private readonly release: string,
  ) {}

  /**
   * Makes a projection known, and has it built anew where its fold is newer than its rows.
   * @returns the version that its rows show
   */
  async register(projection: Projection): Promise<number> {
    const { name, inline, version } = projection;
    const [found] = await this.database.query<{ version: number }>(known, [name]);
    if (!found) {
      const missing = inline && (await this.#missing(projection));
      await this.database.query(register, [name, contextOf(projection), inline, version, missing]);
    }
    await this.database.query(outdated, [name, version]);
    return found?.version ?? version;
  }

  async state(name: string): Promise<ProjectionState | undefined> {
    const [row] = await this.database.query<ProjectionState & Record<string, unknown>>(state, [name]);
    return row;
  }

  /** The projection does not go on by itself. */
  async stop(name: string, error: string, event?: { readonly id: string; readonly place: string }): Promise<void> {
    await this.database.query(stop, [name, error.slice(0, 2_000), event?.id, event?.place]);
  }

  /** The one of them whose building anew has been asked for longest, or was not brought to its end. */
  async asked(projections: readonly Projection[]): Promise<Projection | undefined> {
    const names = projections.map(({ name }) => name);
    const versions = projections.map(({ version }) => version);
    const [row] = await this.database.query<{ name: string }>(asked, [names, versions, this.release]);
    return projections.find(({ name }) => name === row?.name);
  }

  /**
   * Takes a rebuild over that is nobody's, or whose worker has been silent: whoever was at it writes no more.
   * @returns undefined when there is none
   */
  async claim(projection: Projection): Promise<RebuildRun | undefined> {
    type Row = LogCursor & { rebuild: string; done: number };
    const run = newId();
    const [row] = await this.database.query<Row & Record<string, unknown>>(claim, [
      projection.name,
      run,
      projection.version,
    ]);
    if (!row) return undefined;
    const { era, xid, position, done } = row;
    const resumable = row.rebuild !== 'asked';
    return { projection, run, from: { era, xid, position }, done, resumable, indexed: row.rebuild === 'swapping' };
  }

  /** Leaves it to whoever comes next. */
  async leave({ projection, run }: RebuildRun): Promise<void> {
    await this.database.query(left, [projection.name, run]);
  }

  /** Begins from the beginning of the log. */
  async begin(transaction: Transaction, { projection: { name, version }, run }: RebuildRun): Promise<boolean> {
    return (await transaction.query(begin, [name, run, version])).length > 0;
  }

  /** @returns false when another worker has taken the rebuild over, or it does not stand where this one believes */
  async advance(
    transaction: Transaction,
    { projection, run }: RebuildRun,
    from: LogCursor,
    to: LogCursor,
    done: number,
    rate: number,
  ): Promise<boolean> {
    const moved = [to.era, to.xid, to.position, done, rate, from.era, from.xid, from.position];
    const values = [projection.name, run, ...moved];
    return (await transaction.query(advance, values)).length > 0;
  }

  /** @returns false when another worker has taken the rebuild over */
  async swapping({ projection, run }: RebuildRun): Promise<boolean> {
    return (await this.database.query(swapping, [projection.name, run])).length > 0;
  }

  /** @returns false when another worker has taken the rebuild over */
  async finish(transaction: Transaction, { projection, run }: RebuildRun): Promise<boolean> {
    return (await transaction.query(finish, [projection.name, run])).length > 0;
  }

  /**
   * What is there stays as it is, until somebody asks again.
   * @returns false when another worker has taken the rebuild over
   */
  async fail(transaction: Transaction, { projection, run }: RebuildRun, error: string): Promise<boolean> {
    return (await transaction.query(fail, [projection.name, run, error.slice(0, 2_000)])).length > 0;
  }

  /** Whether a table is empty although the log is not. */
  async #missing(projection: Projection): Promise<boolean> {
    const { schema, table } = tableOf(this.database, projection);
    const [row] = await this.database.query<{ missing: boolean }>(
      `select exists (select from platform.events) and not exists (select from "${schema}"."${table}") as missing`,
    );
    return row?.missing ?? false;
  }
}

/** The context that a projection belongs to; `platform` for the platform's own. */
export const contextOf = ({ name }: Projection): string => name.split('.', 1)[0] as string;
