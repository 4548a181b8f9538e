import type { Database } from '../database/database.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import { beginning, type LogCursor } from './cursor.js';
import { bytesOf, isFull, pageOfLog, settled } from './page-of-log.js';

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

type Row = Omit<LoggedEvent, 'cursor'> & LogCursor & { readonly bytes: number };

// One statement: rows and horizon must come from one snapshot, else a commit between the two would be skipped. What is
// above the horizon may have neighbours that are not visible yet; a long transaction stalls the reading, and skips nothing.
const beyond = {
  name: 'log_reader_beyond',
  text: `
    select era, xid::text, position::text, stream_type, stream_id, version, type, data, metadata, occurred_at, bytes
    from (${pageOfLog(settled)}) as page
    order by page.era, page.xid, page.position`,
};

// The last row that was looked at says how far that was, whatever its type.
const ofTypes = {
  name: 'log_reader_of_types',
  text: `
    with page as materialized (${pageOfLog(settled)}
    ), last as (
      select era, xid, position from page order by era desc, xid desc, position desc limit 1
    )
    select era, xid::text, position::text, stream_type, stream_id, version, type, data, metadata, occurred_at,
      (select count(*) from page)::int as looked, (select sum(bytes) from page)::int as bytes
    from page
    where type = any($5) or (era, xid, position) = (select era, xid, position from last)
    order by page.era, page.xid, page.position`,
};

const end = {
  name: 'log_reader_end',
  text: `
    select era, xid::text, position::text from platform.events
    where era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot())
    order by platform.events.era desc, platform.events.xid desc, platform.events.position desc
    limit 1`,
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

/** What lies beyond a place, in order. */
export interface LoggedEvents {
  readonly events: readonly LoggedEvent[];
  /** More may lie beyond its end. */
  readonly full: boolean;
}

/** What was found among the events that were looked at. */
export interface FoundEvents extends LoggedEvents {
  /** Where the last of those stands that were looked at. */
  readonly cursor: LogCursor;
  readonly looked: number;
}

/** Reads the whole log in the order of its cursor. */
export class LogReader {
  constructor(
    private readonly database: Database,
    private readonly privacy: Privacy = withoutKeys,
  ) {}

  /** What lies beyond the cursor and below the horizon, in order: at most so many, and fewer where they are large. */
  async beyond(cursor: LogCursor, limit: number): Promise<LoggedEvents> {
    const rows = await this.database.query<Row>(beyond, [cursor.era, cursor.xid, cursor.position, limit]);
    return { events: await this.#opened(rows), full: isFull(rows.length, bytesOf(rows), limit) };
  }

  /** The same, of some types only, among at most so many events. */
  async ofTypes(cursor: LogCursor, limit: number, types: readonly string[]): Promise<FoundEvents> {
    const { era, xid, position } = cursor;
    const rows = await this.database.query<Row & { looked: number }>(ofTypes, [era, xid, position, limit, types]);
    const events = await this.#opened(rows.filter(({ type }) => types.includes(type)));
    const last = rows.at(-1);
    if (!last) return { events, cursor, looked: 0, full: false };
    const { looked, bytes } = last;
    const place = { era: last.era, xid: last.xid, position: last.position };
    return { events, cursor: place, looked, full: isFull(looked, bytes, limit) };
  }

  /** Where the newest event below the horizon stands: what becomes readable later lies beyond. */
  async end(): Promise<LogCursor> {
    const [row] = await this.database.query<LogCursor & { era: number }>(end, []);
    return row ?? beginning;
  }

  async #opened(rows: readonly Row[]): Promise<readonly LoggedEvent[]> {
    return (await this.privacy.openEvents(rows)).map(logged);
  }

  /** Undefined when everything has been read. */
  async waiting({ era, xid, position }: LogCursor): Promise<Waiting | undefined> {
    const [row] = await this.database.query<Waiting>(waiting, [era, xid, position]);
    return row;
  }
}

const logged = (row: Row): LoggedEvent => {
  const { era, xid, position, stream_type, stream_id, version, type, data, metadata, occurred_at } = row;
  return { cursor: { era, xid, position }, stream_type, stream_id, version, type, data, metadata, occurred_at };
};
