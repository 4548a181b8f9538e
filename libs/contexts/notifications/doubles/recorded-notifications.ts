import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { Notification } from '../domain/notification.js';
import { Recipient } from '../domain/recipient.js';
import { Template } from '../domain/template.js';
import { NotificationRow } from '../read-models/notification.entity.js';
import { notificationList } from '../read-models/notification.projection.js';
import { RecipientRow } from '../read-models/recipient.entity.js';
import { recipients } from '../read-models/recipient.projection.js';
import { TemplateRow } from '../read-models/template.entity.js';
import { templates } from '../read-models/template.projection.js';

/** A database in which things have been said to people: the log holds them, the read models show them. */
export class RecordedNotifications {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [notificationList, recipients, templates]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedNotifications> {
    const world = await ConnectedDatabase.create([NotificationRow, RecipientRow, TemplateRow]);
    return new RecordedNotifications(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { name, streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const { streamType } = typeOf(streamField);
      const version = this.#versions.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      const stored = [streamType, streamId, meta.version, name, toWire(event), { actor: meta.actor }, at];
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

function typeOf(streamField: string): { readonly streamType: string } {
  if (streamField === 'notificationId') return Notification;
  return streamField === 'templateId' ? Template : Recipient;
}

const append = {
  name: 'recorded_notifications_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
