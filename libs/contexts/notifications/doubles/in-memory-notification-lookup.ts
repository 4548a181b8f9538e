import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { NotificationLookup } from '../application/ports.js';
import { NotificationRow } from '../read-models/notification.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryNotificationLookup extends NotificationLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async idsOf(userId: string): Promise<readonly string[]> {
    const own = this.readModels.rows(NotificationRow).filter((row) => row.userId === userId);
    return own.map(({ id }) => id).sort();
  }
}
