import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { User } from '../domain/user.js';
import { ProfileRow } from '../read-models/profile.entity.js';
import { profiles } from '../read-models/profile.projection.js';

/** A database in which things have happened to users: the log holds them, the profiles show them. */
export class RecordedUsers {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [profiles]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedUsers> {
    const world = await ConnectedDatabase.create([ProfileRow]);
    return new RecordedUsers(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly { readonly userId: string }[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { userId } = event;
      const version = this.#versions.get(userId) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      const { name } = eventType(event.constructor);
      const stored = [User.streamType, userId, meta.version, name, toWire(event), { actor: meta.actor }, at];
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, stored);
        await this.#projections.write(transaction, [{ streamId: userId, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(userId, meta.version);
    }
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const append = {
  name: 'recorded_users_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
