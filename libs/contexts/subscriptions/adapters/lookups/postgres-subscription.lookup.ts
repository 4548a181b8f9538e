import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { SubscriptionLookup } from '../../application/ports.js';

const ofUser = {
  name: 'subscriptions_of_user',
  text: 'select id from subscriptions.subscriptions where subscriber_id = $1 or birthing_person_id = $1 order by id',
};

@Injectable()
export class PostgresSubscriptionLookup extends SubscriptionLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async of(userId: string): Promise<readonly string[]> {
    const found = await this.db.query<{ id: string }>(ofUser, [userId]);
    return found.map(({ id }) => id);
  }
}
