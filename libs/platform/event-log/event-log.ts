import { Injectable } from '@nestjs/common';

import { type Projection, type ReadModelRow } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Privacy } from '../privacy/privacy.js';
import { revivedEvent, type EventRow } from './recorded-event.js';

const events = {
  name: 'event_log_events',
  text: `
    select version, type, data, metadata->>'actor' as actor, occurred_at
    from platform.events
    where stream_type = $1 and stream_id = $2 and version > $3 and ($4::timestamptz is null or occurred_at <= $4)
    order by version
    limit $5`,
};

export interface Extent {
  /** Only what came after that version. */
  readonly after?: number;
  /** Only what had occurred by then. */
  readonly until?: Date;
  readonly limit?: number;
}

/** Reads single streams of the log: what happened to an aggregate, and how it stood at any moment. */
@Injectable()
export class EventLog {
  constructor(
    private readonly db: ReadDatabase,
    private readonly privacy: Privacy,
  ) {}

  /** The events of a stream, in order. */
  async events(streamType: string, id: string, { after = 0, until, limit }: Extent = {}): Promise<readonly EventRow[]> {
    return this.privacy.openEvents(await this.db.query<EventRow>(events, [streamType, id, after, until, limit]));
  }

  /**
   * The row of a projection as it was at a moment, or null when there was none then. A time stands for when commands were
   * accepted, not for when they were run.
   */
  async rowAt<Row extends ReadModelRow>(
    projection: Projection,
    streamType: string,
    id: string,
    moment: Date,
  ): Promise<Row | null> {
    let row: ReadModelRow | null = null;
    for (const { type, data, version, actor, occurred_at } of await this.events(streamType, id, { until: moment })) {
      const event = revivedEvent(type, data);
      const next = projection.fold.apply(row, event, { version, occurredAt: occurred_at, actor });
      row = next && { ...next, version };
    }
    return row as Row | null;
  }
}
