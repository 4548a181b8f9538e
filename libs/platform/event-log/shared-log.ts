import type { Database } from '../database/database.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import type { AlarmClock } from '../resilience/alarm-clock.js';
import { compareCursors, type LogCursor } from './cursor.js';
import { LogReader, type Waiting } from './log-reader.js';
import { bytesOf, fullBytes, isFull, pageOfLog, settled } from './page-of-log.js';
import { SharedEvent, type SharedRow } from './shared-event.js';

/** So many events at most are read at a time. */
const page = 4_000;
/** So many full pages, by number or by bytes, are dropped down to two: those who come a little later find their events in memory. */
const mostPages = 3;
/** In milliseconds: what waits beyond a place is asked for once by all who stand there. */
const remembered = 500;

// As all readers of the log: rows and horizon from one snapshot. They come as one value, by place: taking thousands of rows
// apart would cost more than most readers do with them.
const beyond = {
  name: 'shared_log_beyond',
  text: `
    select json_agg(json_build_array(era, xid::text, position::text, stream_type, stream_id, version, type,
      (extract(epoch from occurred_at) * 1000)::float8, metadata, data, bytes) order by era, xid, position) as rows
    from (${pageOfLog(settled)}) as page`,
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
  /** Of all these. */
  #bytes = 0;
  /** More may lie beyond them already. */
  #more = false;
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
    return { events, full: first + events.length < this.#events.length || this.#more };
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
      this.#events = [];
      this.#bytes = 0;
      this.#from = after;
      this.#end = after;
    }
    const until = this.#end as LogCursor;
    // Somebody may have read the same, and more, meanwhile.
    const last = events.at(-1)?.cursor ?? after;
    if (compareCursors(last, until) < 0) return;
    this.#more = isFull(events.length, bytesOf(events), page);
    const fresh = events.slice(firstBeyond(events, until));
    this.#events.push(...fresh);
    this.#bytes += bytesOf(fresh);
    this.#end = last;
    if (this.#events.length >= mostPages * page || this.#bytes >= mostPages * fullBytes) this.#dropOldest(fresh.length);
  }

  /** @param fresh so many have only just been read, and have been seen by nobody */
  #dropOldest(fresh: number): void {
    const keep = mostPages - 1;
    let count = 0;
    for (const event of this.#events.slice(0, -fresh)) {
      if (this.#events.length - count <= keep * page && this.#bytes <= keep * fullBytes) break;
      this.#bytes -= event.bytes;
      count++;
    }
    this.#from = this.#events.splice(0, count).at(-1)?.cursor ?? this.#from;
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
