import type { Database } from '../database/database.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import type { AlarmClock } from '../resilience/alarm-clock.js';
import { compareCursors, type LogCursor } from './cursor.js';
import { LogReader, type Waiting } from './log-reader.js';
import { SharedEvent, type SharedRow } from './shared-event.js';

/** So many events are read at a time, and so many at least stay in memory for those who come a little later. */
const page = 4_000;
/** In milliseconds: what waits beyond a place is asked for once by all who stand there. */
const remembered = 500;

// As all readers of the log: rows and horizon from one snapshot. They come as one value, by place: taking thousands of rows
// apart would cost more than most readers do with them.
const beyond = {
  name: 'shared_log_beyond',
  text: `
    select json_agg(json_build_array(era, xid::text, position::text, stream_type, stream_id, version, type,
      (extract(epoch from occurred_at) * 1000)::float8, metadata, data) order by era, xid, position) as rows
    from (
      select era, xid, position, stream_type, stream_id, version, type, occurred_at, metadata, data
      from platform.events
      where (era, xid, position) > ($1, $2::xid8, $3)
        and (era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot()))
      order by platform.events.era, platform.events.xid, platform.events.position
      limit $4
    ) page`,
};

/** What lies beyond a place, in order. */
export interface Stretch {
  readonly events: readonly SharedEvent[];
  /** More may lie beyond its end already. */
  readonly full: boolean;
}

/**
 * The newest part of the log, read once for all readers of a process. What it holds is below the horizon and has no gaps, so
 * that it stays true; it holds no more than a few pages, and whoever stands before that reads for himself.
 */
export class SharedLog {
  readonly #reader: LogReader;
  /** All that lies between `#from` and `#end`. */
  #events: SharedEvent[] = [];
  #from: LogCursor | undefined;
  #end: LogCursor | undefined;
  #reading: { readonly rung: number; readonly after: LogCursor; readonly page: Promise<void> } | undefined;
  #waiting:
    { readonly after: LogCursor; readonly at: number; readonly found: Promise<Waiting | undefined> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly signal: AlarmClock,
    private readonly privacy: Privacy = withoutKeys,
  ) {
    this.#reader = new LogReader(database, privacy);
  }

  /**
   * What lies beyond the cursor and below the horizon, at most one page of it, with what is confidential still sealed.
   * @returns undefined when the cursor lies before all that is in memory
   */
  async beyond(cursor: LogCursor): Promise<Stretch | undefined> {
    if (this.#from && compareCursors(cursor, this.#from) < 0) return undefined;
    if (!this.#end || compareCursors(cursor, this.#end) >= 0) await this.#read(cursor);
    return this.#held(cursor);
  }

  /** Opens what is confidential in these events. What is forgotten reads as nothing. */
  async open(events: readonly SharedEvent[]): Promise<void> {
    const closed = events
      .filter(({ opened }) => !opened)
      .map((event) => ({ event, type: event.storedType, data: event.sealed }));
    for (const { event, data } of await this.privacy.openEvents(closed)) event.opened = data;
  }

  /** Undefined when everything has been read. As seen a moment ago. */
  async waiting(after: LogCursor): Promise<Waiting | undefined> {
    const known = this.#waiting;
    if (known && performance.now() - known.at < remembered && compareCursors(known.after, after) === 0)
      return known.found;
    const found = this.#reader.waiting(after);
    this.#waiting = { after, at: performance.now(), found };
    return found;
  }

  #held(cursor: LogCursor): Stretch | undefined {
    // It may have been dropped while something was read for somebody further on.
    if (!this.#from || compareCursors(cursor, this.#from) < 0) return undefined;
    const first = firstBeyond(this.#events, cursor);
    const events = this.#events.slice(first, first + page);
    return { events, full: events.length === page };
  }

  /** Who joins a reading must not have heard of anything since it began: that may not be in it. */
  async #read(after: LogCursor): Promise<void> {
    const { rung } = this.signal;
    const now = this.#reading;
    if (now && now.rung === rung && compareCursors(now.after, after) === 0) return now.page;
    const reading = { rung, after, page: this.#readPage(after) };
    this.#reading = reading;
    try {
      await reading.page;
    } finally {
      if (this.#reading === reading) this.#reading = undefined;
    }
  }

  async #readPage(after: LogCursor): Promise<void> {
    const { era, xid, position } = after;
    const [found] = await this.database.query<{ rows: readonly SharedRow[] | null }>(beyond, [
      era,
      xid,
      position,
      page,
    ]);
    const events = (found?.rows ?? []).map((row) => new SharedEvent(row));
    const end = this.#end;
    if (!end || compareCursors(after, end) > 0) {
      this.#events = events;
      this.#from = after;
      this.#end = events.at(-1)?.cursor ?? after;
      return;
    }
    // Somebody may have read the same meanwhile.
    const fresh = events.slice(firstBeyond(events, end));
    if (fresh.length === 0) return;
    this.#events.push(...fresh);
    this.#end = fresh.at(-1)?.cursor;
    if (this.#events.length >= 3 * page) this.#from = this.#events.splice(0, page).at(-1)?.cursor;
  }
}

/** Index of the first event beyond the cursor. */
function firstBeyond(events: readonly SharedEvent[], cursor: LogCursor): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCursors((events[middle] as SharedEvent).cursor, cursor) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
