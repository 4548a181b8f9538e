import { currentName, eventNamed, eventType, olderNames, revive, upcast, type LogMeta, type Projection } from '#kernel';

import type { Database, Transaction } from '../database/database.js';
import type { LogCursor } from '../event-log/cursor.js';
import { isFull, pageOfLog, settled } from '../event-log/page-of-log.js';
import { eventId } from '../messaging/cloud-event.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import { mayHoldSealed } from '../privacy/sealing.js';

/** An event that a projection may show. */
export interface LogEvent {
  readonly cursor: LogCursor;
  readonly meta: LogMeta;
  /**
   * As folds see it.
   * @throws UnknownVersion
   */
  read(): object;
}

/** A stretch of the log, as far as it concerns one projection. */
export interface LogPage {
  readonly events: readonly LogEvent[];
  /** How many events were looked at. */
  readonly scanned: number;
  /** Where the stretch ends; undefined when there was nothing. */
  readonly end: LogCursor | undefined;
  /** More may lie beyond its end. */
  readonly full: boolean;
}

/** A newer release has written the event, and only that one can read it. */
export class UnknownVersion extends Error {}

/** An event as it comes: by place, since a name for each value costs more than the value. */
type Row = readonly [
  era: number,
  xid: string,
  position: string,
  streamType: string,
  streamId: string,
  version: number,
  type: string,
  actor: string,
  occurred: number,
  data: Record<string, unknown>,
];

interface Page extends Partial<LogCursor> {
  readonly scanned: number;
  readonly bytes: number | null;
  /** JSON of rows, without the brackets around them. */
  readonly rows: string | null;
}

const order = 'order by era, xid, position';
const last = (column: string): string => `(array_agg(${column} ${order}))[count(*)]`;

// Rows and horizon from one snapshot, as all readers of the log do. The rows come as one text: thousands of rows would cost
// more to take apart than to fold, and Postgres needs twice as long to make the same JSON by its own functions. Names of
// types and streams have nothing that JSON would escape. The page comes in this order already, so that nothing is sorted.
const pages = (name: string, horizon: string) => ({
  name: `log_pages_${name}`,
  text: `
    select count(*)::int as scanned, sum(bytes)::int as bytes, ${last('era')} as era, ${last('xid')}::text as xid, ${last('position')}::text as position,
      string_agg(format('[%s,"%s","%s","%s","%s",%s,"%s",%s,%s,%s]', era, xid, position, stream_type, stream_id, version,
        type, coalesce(metadata->'actor', 'null'), (extract(epoch from occurred_at) * 1000)::float8, data), ',' ${order})
        filter (where case when $5::text[] is null then metadata->'private' is null
          else split_part(type, '.', 1) || '.' || split_part(type, '.', 2) = any($5) end) as rows
    from (${pageOfLog(horizon)}) as page`,
});

const belowHorizon = pages('settled', settled);
const visible = pages('visible', '');

/** What of the log concerns one projection, page by page in the order of the cursor. */
export class LogPages {
  /** What is before the version in the wire names of its events; undefined: all public ones. */
  readonly #nouns: readonly string[] | undefined;
  readonly #types: ReadonlySet<object>;

  /** @throws TypeError when the projection folds what is no event */
  constructor(
    private readonly projection: Projection,
    private readonly privacy: Privacy = withoutKeys,
  ) {
    const { types, every } = projection.fold;
    const names = types.map((type) => eventType(type).name);
    this.#nouns = every ? undefined : [...new Set(names.flatMap((name) => [name, ...olderNames(name)]).map(noun))];
    this.#types = new Set(types);
  }

  /** What lies beyond the cursor and below the horizon. */
  settled(on: Database | Transaction, after: LogCursor, limit: number): Promise<LogPage> {
    return this.#page(on, belowHorizon, after, limit);
  }

  /**
   * All that lies beyond the cursor and is committed. What is not yet may lie before it, so that nobody may go on from its
   * end: for a last look, while whoever writes must wait.
   */
  visible(on: Database | Transaction, after: LogCursor, limit: number): Promise<LogPage> {
    return this.#page(on, visible, after, limit);
  }

  async #page(
    on: Pick<Transaction, 'query'>,
    statement: typeof visible,
    { era, xid, position }: LogCursor,
    limit: number,
  ): Promise<LogPage> {
    const values = [era, xid, position, limit, this.#nouns];
    const [page] = await on.query<Page & Record<string, unknown>>(statement, values);
    if (!page?.scanned) return { events: [], scanned: 0, end: undefined, full: false };
    return {
      events: await this.#events(page.rows ?? ''),
      scanned: page.scanned,
      end: { era: page.era as number, xid: page.xid as string, position: page.position as string },
      full: isFull(page.scanned, page.bytes as number, limit),
    };
  }

  async #events(json: string): Promise<readonly LogEvent[]> {
    const rows = JSON.parse(`[${json}]`) as Row[];
    if (!this.#nouns) return rows.map((row) => new StoredEvent(row, row[9], undefined));
    if (!mayHoldSealed(json)) return rows.map((row) => new StoredEvent(row, row[9], this.#types));
    const opened = await this.privacy.openEvents(rows.map((row) => ({ row, type: row[6], data: row[9] })));
    return opened.map(({ row, data }) => new StoredEvent(row, data, this.#types));
  }
}

class StoredEvent implements LogEvent {
  #meta: LogMeta | undefined;

  constructor(
    private readonly row: Row,
    private readonly data: Record<string, unknown>,
    private readonly types: ReadonlySet<object> | undefined,
  ) {}

  get cursor(): LogCursor {
    const [era, xid, position] = this.row;
    return { era, xid, position };
  }

  get meta(): LogMeta {
    return (this.#meta ??= new StoredMeta(this.row));
  }

  read(): object {
    if (!this.types) return this.data;
    const { 6: type } = this.row;
    const now = upcast(type, this.data);
    const known = eventNamed(now.type);
    if (!known)
      throw new UnknownVersion(`the log holds ${type}, which this release does not know: deploy the one that wrote it`);
    return revive(known.type, now.data);
  }
}

/** The id is made when it is asked for: few projections do, and hashing costs more than the rest of the event. */
class StoredMeta implements LogMeta {
  readonly version: number;
  readonly occurredAt: Date;
  readonly actor: string;
  readonly type: string;
  readonly streamType: string;
  readonly streamId: string;
  readonly #era: number;
  #id: string | undefined;

  constructor(row: Row) {
    const [era, , , streamType, streamId, version, type, actor, occurred] = row;
    this.version = version;
    this.occurredAt = new Date(occurred);
    this.actor = actor;
    this.type = currentName(type);
    this.streamType = streamType;
    this.streamId = streamId;
    this.#era = era;
  }

  get id(): string {
    return (this.#id ??= eventId(this.streamType, this.streamId, this.version, this.#era));
  }
}

const noun = (name: string): string => name.replace(/\.v\d+$/, '');
