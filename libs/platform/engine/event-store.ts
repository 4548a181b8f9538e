import { type Aggregate, type AggregateType } from '#kernel';

import { coalesce } from '../database/coalesce.js';
import type { Database } from '../database/database.js';
import { revivedEvent, type EventRow } from '../event-log/recorded-event.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';

/** A stream's state in the cache and on its way to a repository. */
export interface Loaded {
  readonly state: object | null;
  readonly version: number;
  readonly occurredAt: Date | undefined;
}

export const nothing: Loaded = { state: null, version: 0, occurredAt: undefined };

interface StreamRow extends EventRow {
  readonly stream_type: string;
  readonly stream_id: string;
}

const read = {
  name: 'event_store_read',
  text: `
    select stream_type, stream_id, version, type, data, metadata->>'actor' as actor, occurred_at
    from platform.events
    where (stream_type, stream_id) in (select * from unnest($1::text[], $2::uuid[]))
    order by stream_type, stream_id, version`,
};

interface StreamKey {
  readonly type: AggregateType<Aggregate<object>>;
  readonly id: string;
}

/** Reads streams from the log. Reads that happen together are one statement. */
export class EventStore {
  readonly #rows: (stream: StreamKey) => Promise<readonly StreamRow[]>;

  constructor(database: Database, privacy: Privacy = withoutKeys) {
    this.#rows = coalesce(async (streams) => {
      const rows = await database.query<StreamRow>(read, [
        streams.map(({ type }) => type.streamType),
        streams.map(({ id }) => id),
      ]);
      const byStream = Map.groupBy(await privacy.openEvents(rows), (row) => `${row.stream_type} ${row.stream_id}`);
      return streams.map(({ type, id }) => byStream.get(`${type.streamType} ${id}`) ?? []);
    });
  }

  /** @throws Error naming an event type that this release does not know; streams that are read with it do not suffer */
  async load(stream: StreamKey): Promise<Loaded> {
    return fold(stream.type, stream.id, await this.#rows(stream));
  }
}

function fold(type: AggregateType<Aggregate<object>>, id: string, rows: readonly StreamRow[]): Loaded {
  const events = rows.map((row) => ({
    event: revivedEvent(row.type, row.data),
    version: row.version,
    occurredAt: row.occurred_at,
    actor: row.actor,
  }));
  const { state, version } = new type(id).replay(events);
  return { state, version, occurredAt: rows.at(-1)?.occurred_at };
}
