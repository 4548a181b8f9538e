import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { NotificationLookup } from '../../application/ports.js';

const idsOf = {
  name: 'notifications_ids_of',
  text: 'select id from notifications.notifications where user_id = $1 order by id',
};

@Injectable()
export class PostgresNotificationLookup extends NotificationLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async idsOf(userId: string): Promise<readonly string[]> {
    const found = await this.db.query<{ id: string }>(idsOf, [userId]);
    return found.map(({ id }) => id);
  }
}
