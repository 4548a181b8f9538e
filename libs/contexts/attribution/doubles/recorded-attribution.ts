import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { caughtUp } from '#testing/caught-up.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { Settings } from '../domain/settings.js';
import { Visitor } from '../domain/visitor.js';
import { ConversionListRow } from '../read-models/conversion-list.entity.js';
import { conversionList } from '../read-models/conversion-list.projection.js';
import { CreditListRow } from '../read-models/credit-list.entity.js';
import { creditList } from '../read-models/credit-list.projection.js';
import { SettingsRow } from '../read-models/settings.entity.js';
import { settingsModel } from '../read-models/settings.projection.js';
import { TouchpointListRow } from '../read-models/touchpoint-list.entity.js';
import { touchpointList } from '../read-models/touchpoint-list.projection.js';

/** A database in which visitors have done something: the log holds it, the read models show it. */
export class RecordedAttribution {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [settingsModel, conversionList]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedAttribution> {
    const world = await ConnectedDatabase.create([SettingsRow, ConversionListRow, TouchpointListRow, CreditListRow]);
    return new RecordedAttribution(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    for (const event of events) {
      const { name, streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const { streamType } = streamField === 'settingsId' ? Settings : Visitor;
      const version = this.#versions.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt: new Date(at), actor: 'somebody' };
      const values = [streamType, streamId, meta.version, name, toWire(event), { actor: meta.actor }, at];
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, values);
        await this.#projections.write(transaction, [{ streamId, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(streamId, meta.version);
    }
  }

  /** Lets what follows the log catch up with what has happened. */
  async followed(): Promise<void> {
    await caughtUp(this.database, touchpointList);
    await caughtUp(this.database, creditList);
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const append = {
  name: 'recorded_attribution_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
