import { Injectable } from '@nestjs/common';

import { PersonalData } from '#platform/http/personal-data.js';

import { NotificationQueries } from './notification.queries.js';
import { RecipientQueries } from './recipient.queries.js';

/** How somebody is reached, and what was said to them. */
@Injectable()
export class NotificationPersonalData extends PersonalData {
  constructor(
    private readonly recipients: RecipientQueries,
    private readonly notifications: NotificationQueries,
  ) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const contact = await this.recipients.contactOf(userId);
    const notifications = await this.notifications.of(userId);
    return contact || notifications.length > 0 ? { contact: contact ?? null, notifications } : undefined;
  }
}
