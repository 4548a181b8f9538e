import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { BirthingPerson } from '../domain/birthing-person.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';
import { birthingPeople } from '../read-models/birthing-person.projection.js';

/** A database in which things have happened to birthing people: the log holds them, their rows show them. */
export class RecordedBirths {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [birthingPeople]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedBirths> {
    const world = await ConnectedDatabase.create([BirthingPersonRow]);
    return new RecordedBirths(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly { readonly birthingPersonId: string }[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { birthingPersonId: id } = event;
      const version = this.#versions.get(id) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      const { name } = eventType(event.constructor);
      const stored = [BirthingPerson.streamType, id, meta.version, name, toWire(event), { actor: meta.actor }, at];
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, stored);
        await this.#projections.write(transaction, [{ streamId: id, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(id, meta.version);
    }
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const append = {
  name: 'recorded_births_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
