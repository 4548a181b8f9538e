import type { Database } from '#platform/database/database.js';
import { EventStore, type Loaded } from '#platform/engine/event-store.js';

import { eventOf, type InMemoryLog } from './in-memory-log.js';

/** Reads streams from a log in memory. */
export class InMemoryEventStore extends EventStore {
  constructor(
    database: Database,
    private readonly log: InMemoryLog,
  ) {
    super(database);
  }

  override async load({ type, id }: Parameters<EventStore['load']>[0]): Promise<Loaded> {
    const entries = this.log.stream(type.streamType, id);
    const events = entries.map((entry) => ({ ...entry, event: eventOf(entry) }));
    const { state, version } = new type(id).replay(events);
    return { state, version, occurredAt: entries.at(-1)?.occurredAt };
  }
}
