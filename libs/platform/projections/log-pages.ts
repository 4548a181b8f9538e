import { currentName, eventNamed, eventType, olderNames, revive, upcast, type LogMeta, type Projection } from '#kernel';

import type { Database, Transaction } from '../database/database.js';
import type { LogCursor } from '../event-log/cursor.js';
import { eventId } from '../messaging/cloud-event.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';

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
}

/** A newer release has written the event, and only that one can read it. */
export class UnknownVersion extends Error {}

interface Row extends LogCursor {
  readonly scanned: number;
  readonly wanted: boolean;
  readonly stream_type: string;
  readonly stream_id: string;
  readonly version: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly actor: string;
  readonly occurred: number;
}

// Rows and horizon from one snapshot, as all readers of the log do. The last row comes in any case: it says how far the
// reading has come.
const pages = (name: string, horizon: string) => ({
  name: `log_pages_${name}`,
  text: `
    with page as materialized (
      select era, xid, position, stream_type, stream_id, version, type, data, metadata, occurred_at,
        case when $5::text[] is null then metadata->'private' is null else split_part(type, '.', 1) || '.' || split_part(type, '.', 2) = any($5) end as wanted
      from platform.events
      where (era, xid, position) > ($1, $2::xid8, $3) ${horizon}
      order by platform.events.era, platform.events.xid, platform.events.position
      limit $4
    ), last as (
      select era, xid, position, (select count(*) from page)::int as scanned from page
      order by page.era desc, page.xid desc, page.position desc limit 1
    )
    select p.era, p.xid::text, p.position::text, last.scanned, p.wanted, p.stream_type, p.stream_id, p.version, p.type,
      case when p.wanted then p.data end as data, p.metadata->>'actor' as actor,
      (extract(epoch from p.occurred_at) * 1000)::float8 as occurred
    from page p, last
    where p.wanted or (p.era, p.xid, p.position) = (last.era, last.xid, last.position)
    order by p.era, p.xid, p.position`,
});

const settled = pages(
  'settled',
  'and (era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot()))',
);
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
    return this.#page(on, settled, after, limit);
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
    statement: typeof settled,
    { era, xid, position }: LogCursor,
    limit: number,
  ): Promise<LogPage> {
    const rows = await on.query<Row & Record<string, unknown>>(statement, [era, xid, position, limit, this.#nouns]);
    const last = rows.at(-1);
    const wanted = rows.filter((row) => row.wanted);
    const opened = this.#nouns ? await this.privacy.openEvents(wanted) : wanted;
    return {
      events: opened.map((row) => new StoredEvent(row, this.#nouns ? this.#types : undefined)),
      scanned: last?.scanned ?? 0,
      end: last && { era: last.era, xid: last.xid, position: last.position },
    };
  }
}

class StoredEvent implements LogEvent {
  constructor(
    private readonly row: Row,
    private readonly types: ReadonlySet<object> | undefined,
  ) {}

  get cursor(): LogCursor {
    const { era, xid, position } = this.row;
    return { era, xid, position };
  }

  get meta(): LogMeta {
    return new StoredMeta(this.row);
  }

  read(): object {
    const { type, data } = this.row;
    if (!this.types) return data;
    const now = upcast(type, data);
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

  constructor(row: Row) {
    this.version = row.version;
    this.occurredAt = new Date(row.occurred);
    this.actor = row.actor;
    this.type = currentName(row.type);
    this.streamType = row.stream_type;
    this.streamId = row.stream_id;
    this.#era = row.era;
  }

  get id(): string {
    return eventId(this.streamType, this.streamId, this.version, this.#era);
  }
}

const noun = (name: string): string => name.replace(/\.v\d+$/, '');
