import { Injectable } from '@nestjs/common';

import { SubscribedAddresses } from '#contexts/labour/contract/index.js';
import { ReadDatabase } from '#platform/database/read-database.js';

const follower = {
  name: 'subscriptions_follower_by_address',
  text: `
    select from subscriptions.subscriptions s join subscriptions.subscribers p on p.id = s.subscriber_id
    where s.birthing_person_id = $1 and s.status = 'subscribed' and lower(p.email) = lower($2)`,
};

@Injectable()
export class PostgresSubscribedAddresses extends SubscribedAddresses {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async include(birthingPersonId: string, email: string): Promise<boolean> {
    return (await this.db.query(follower, [birthingPersonId, email])).length > 0;
  }
}
