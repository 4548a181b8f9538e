import { Injectable } from '@nestjs/common';

import { NotificationOverview } from '#contexts/notifications/contract/index.js';
import { TaskOverview } from '#contexts/tasks/contract/index.js';
import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';

import type { DashboardView } from './profile-views.js';
import { ProfileQueries } from './profile.queries.js';

const mostRecent = 5;

/** Everybody sees their own dashboard, administrators those of others too. */
@Injectable()
export class DashboardQueries {
  constructor(
    private readonly profiles: ProfileQueries,
    private readonly tasks: TaskOverview,
    private readonly notifications: NotificationOverview,
  ) {}

  /** @returns undefined when there is no such user, or the reader may not know of them */
  async of(id: string, reader: AuthenticatedUser): Promise<Wire<DashboardView> | undefined> {
    const user = await this.profiles.byId(id, reader);
    if (!user) return undefined;
    const [{ total, overdue, by_status }, recent, unread] = await Promise.all([
      this.tasks.summary(id),
      this.tasks.recent(id, mostRecent),
      this.notifications.unread(id),
    ]);
    return {
      user,
      task_count: total,
      tasks_by_status: by_status,
      overdue_tasks: overdue,
      completed_tasks: by_status.completed,
      pending_tasks: by_status.pending,
      unread_notifications: unread,
      recent_tasks: recent,
    };
  }
}
