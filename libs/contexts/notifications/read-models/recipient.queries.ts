import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { Channels, Topics, type Channel, type ChannelChoice, type Topic } from '../contract/index.js';
import type { PreferencesView } from './notification-views.js';

const preferences = {
  name: 'notifications_preferences_of',
  text: 'select version, preferences from notifications.recipients where id = $1 and not is_forgotten',
};

const contact = {
  name: 'notifications_contact_data',
  text: `
    select email, username, name, first_name, last_name, phone_number, preferences, read_until
    from notifications.recipients where id = $1 and not is_forgotten`,
};

/** Everybody reads their own preferences. */
@Injectable()
export class RecipientQueries implements ResourceQueries<Wire<PreferencesView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(userId: string, reader: AuthenticatedUser): Promise<Wire<PreferencesView> | undefined> {
    return userId === reader.id ? this.preferencesOf(userId) : undefined;
  }

  /** Without a look at who reads it. Who never chose anything hears of everything by every channel. */
  async preferencesOf(userId: string): Promise<Wire<PreferencesView>> {
    const [found] = await this.db.query<{ version: number; preferences: ChannelChoice }>(preferences, [userId]);
    const chosen = found?.preferences ?? {};
    const topics = Object.fromEntries(Topics.map((topic) => [topic, chosen[topic] ?? Channels]));
    return { version: found?.version ?? 0, topics: topics as Record<Topic, readonly Channel[]> };
  }

  /** All that is known of how somebody is reached. */
  async contactOf(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const [found] = await this.db.query(contact, [userId]);
    return found;
  }
}
