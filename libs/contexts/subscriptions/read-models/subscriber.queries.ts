import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { shownName } from './shown-names.js';
import type { SubscriberView } from './subscription-views.js';

const byId = {
  name: 'subscriptions_subscriber_by_id',
  text: `
    select s.id, s.version, s.first_name, s.last_name, ${shownName('s')} as full_name, s.email, s.phone_number,
      s.contact_methods, s.registered_at,
      array(select birthing_person_id from subscriptions.subscriptions
        where subscriber_id = s.id and status = 'subscribed' order by created_at, id) as subscribed_to
    from subscriptions.subscribers s where s.id = $1 and s.registered_at is not null`,
};

/** Everybody reads themself. */
@Injectable()
export class SubscriberQueries implements ResourceQueries<Wire<SubscriberView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(id: string, reader: Pick<AuthenticatedUser, 'id'>): Promise<Wire<SubscriberView> | undefined> {
    if (id !== reader.id) return undefined;
    const [found] = await this.db.query<Wire<SubscriberView>>(byId, [id]);
    return found;
  }
}
