import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { caughtUp } from '#testing/caught-up.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { ShareSettings } from '../domain/share-settings.js';
import { Subscriber } from '../domain/subscriber.js';
import { Subscription } from '../domain/subscription.js';
import { FollowedLabourRow } from '../read-models/followed-labour.entity.js';
import { followedLabours } from '../read-models/followed-labour.projection.js';
import { ShareSettingsRow } from '../read-models/share-settings.entity.js';
import { shareSettings } from '../read-models/share-settings.projection.js';
import { SubscriberRow } from '../read-models/subscriber.entity.js';
import { subscribers } from '../read-models/subscriber.projection.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';
import { subscriptions } from '../read-models/subscription.projection.js';

/** A database in which people have begun to follow others: the log holds it, the read models show it. */
export class RecordedSubscriptions {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    readonly world: ConnectedDatabase,
    readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [subscribers, shareSettings, subscriptions]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedSubscriptions> {
    const world = await ConnectedDatabase.create([SubscriberRow, ShareSettingsRow, SubscriptionRow, FollowedLabourRow]);
    return new RecordedSubscriptions(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other; those of labour, too. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { name, streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const streamType = streamTypeOf(name);
      const stream = `${streamType} ${streamId}`;
      const version = this.#versions.get(stream) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      const stored = [streamType, streamId, meta.version, name, toWire(event), { actor: meta.actor }, at];
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, stored);
        await this.#projections.write(transaction, [{ streamId, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(stream, meta.version);
    }
  }

  /** Lets what follows the log catch up with what has happened. */
  followed(): Promise<void> {
    return caughtUp(this.database, followedLabours);
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const ofSubscribers = ['registered', 'identity_refreshed', 'invite_sent', 'forgotten'].map(
  (what) => `subscriber.${what}.v1`,
);

function streamTypeOf(name: string): string {
  if (name.startsWith('labour.')) return 'labour.birthing_person';
  if (name.startsWith('share_')) return ShareSettings.streamType;
  return (ofSubscribers.includes(name) ? Subscriber : Subscription).streamType;
}

const append = {
  name: 'recorded_subscriptions_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
