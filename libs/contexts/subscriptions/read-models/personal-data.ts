import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { happenings, PersonalData } from '#platform/http/personal-data.js';

const identity = {
  name: 'subscriptions_identity_data',
  text: `
    select email, username, name, first_name, last_name, phone_number, registered_at, contact_methods
    from subscriptions.subscribers where id = $1 and (email <> '' or registered_at is not null)`,
};

const following = {
  name: 'subscriptions_following_data',
  text: `
    select id, birthing_person_id, status, role, contact_methods, created_at, updated_at
    from subscriptions.subscriptions where subscriber_id = $1 order by created_at, id`,
};

// Who follows is somebody else's data: how many they are is enough.
const shared = {
  name: 'subscriptions_shared_data',
  text: `
    select approval_required, (
      select count(*)::int from subscriptions.subscriptions where birthing_person_id = $1 and status = 'subscribed'
    ) as followers
    from subscriptions.share_settings where id = $1 and token <> ''`,
};

/** Who somebody is to this context, whom they follow, and whether they may be followed. */
@Injectable()
export class SubscriptionPersonalData extends PersonalData {
  constructor(
    private readonly db: ReadDatabase,
    private readonly log: EventLog,
  ) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const [subscriber] = await this.db.query(identity, [userId]);
    if (!subscriber) return undefined;
    const [sharing] = await this.db.query(shared, [userId]);
    return {
      subscriber,
      following: await this.db.query(following, [userId]),
      ...(sharing && { sharing }),
      history: happenings(await this.log.events('subscriptions.subscriber', userId)),
    };
  }
}
