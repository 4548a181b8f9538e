import type { Database } from '../database/database.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import type { LogCursor } from './cursor.js';

/** An event as readers of the whole log see it. */
export interface LoggedEvent {
  readonly cursor: LogCursor;
  readonly stream_type: string;
  readonly stream_id: string;
  readonly version: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: {
    readonly command_id: string;
    readonly correlation_id: string;
    readonly actor: string;
    readonly trace_parent?: string;
    readonly private?: true;
  };
  readonly occurred_at: Date;
}

type Row = Omit<LoggedEvent, 'cursor'> & LogCursor;

// One statement: rows and horizon must come from one snapshot, else a commit between the two would be skipped. What is
// above the horizon may have neighbours that are not visible yet; a long transaction stalls the reading, and skips nothing.
const beyond = {
  name: 'log_reader_beyond',
  text: `
    select era, xid::text, position::text, stream_type, stream_id, version, type, data, metadata, occurred_at
    from platform.events
    where (era, xid, position) > ($1, $2::xid8, $3)
      and (era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot()))
    order by platform.events.era, platform.events.xid, platform.events.position
    limit $4`,
};

const waiting = {
  name: 'log_reader_waiting',
  text: `
    select extract(epoch from now() - e.recorded_at)::float8 as age, a.pid, a.application_name
    from (
      select recorded_at from platform.events where (era, xid, position) > ($1, $2::xid8, $3)
      order by era, xid, position limit 1
    ) e
    left join lateral (
      select pid, application_name from pg_stat_activity
      where backend_xid is not null and datname = current_database() and pid <> pg_backend_pid()
      order by xact_start limit 1
    ) a on true`,
};

/** The oldest event that has not been read, and who may stand in the way. */
export interface Waiting {
  /** Seconds since it was recorded. */
  readonly age: number;
  /** The server process with the oldest transaction that writes, if any. */
  readonly pid: number | null;
  readonly application_name: string | null;
}

/** Reads the whole log in the order of its cursor. */
export class LogReader {
  constructor(
    private readonly database: Database,
    private readonly privacy: Privacy = withoutKeys,
  ) {}

  /** What lies beyond the cursor and below the horizon, in order. */
  async beyond(cursor: LogCursor, limit: number): Promise<readonly LoggedEvent[]> {
    const rows = await this.database.query<Row>(beyond, [cursor.era, cursor.xid, cursor.position, limit]);
    const opened = await this.privacy.openEvents(rows);
    return opened.map(({ era, xid, position, ...event }) => ({ ...event, cursor: { era, xid, position } }));
  }

  /** Undefined when everything has been read. */
  async waiting({ era, xid, position }: LogCursor): Promise<Waiting | undefined> {
    const [row] = await this.database.query<Waiting>(waiting, [era, xid, position]);
    return row;
  }
}
