import { eventType, toWire, type Projection } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';

import { ConnectedDatabase } from './connected-database.js';

/** A database in which things have happened to aggregates of one type: the log holds them, inline read models show them. */
export class RecordedStreams {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
    private readonly streamType: string,
    projections: readonly Projection[],
  ) {
    this.#projections = new InlineProjections(database, projections);
    this.reading = new ReadDatabase(database);
  }

  static async of(aggregate: { readonly streamType: string }, ...inline: Projection[]): Promise<RecordedStreams> {
    const world = await ConnectedDatabase.create(inline.map(({ row }) => row as new () => object));
    return new RecordedStreams(world, await world.connect(), aggregate.streamType, inline);
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { name, streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const version = this.#versions.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      const stored = [this.streamType, streamId, meta.version, name, toWire(event), { actor: meta.actor }, at];
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, stored);
        await this.#projections.write(transaction, [{ streamId, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(streamId, meta.version);
    }
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const append = {
  name: 'recorded_streams_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
