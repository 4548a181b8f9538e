import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { NotificationOverview } from '../contract/index.js';
import type { UnreadCount } from './notification-views.js';
import { NotificationQueries } from './notification.queries.js';

/** Everybody reads how full their own inbox is. */
@Injectable()
export class InboxQueries implements ResourceQueries<Wire<UnreadCount>> {
  constructor(private readonly notifications: NotificationQueries) {}

  async byId(userId: string, reader: AuthenticatedUser): Promise<Wire<UnreadCount> | undefined> {
    return userId === reader.id ? { unread_count: await this.notifications.unread(userId) } : undefined;
  }
}

/** What other contexts may show of somebody's notifications. */
@Injectable()
export class NotificationOverviewQueries extends NotificationOverview {
  constructor(private readonly notifications: NotificationQueries) {
    super();
  }

  unread(userId: string): Promise<number> {
    return this.notifications.unread(userId);
  }
}
