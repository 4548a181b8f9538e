import { Injectable } from '@nestjs/common';
import { IsArray, IsBoolean, IsIn, IsString, IsUUID, MaxLength } from 'class-validator';

import { Example, IsTime, Message, Optional, timeOf, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import { Problem } from '#platform/http/problem.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import {
  Channels,
  maxRetries,
  NotificationStatuses,
  type Channel,
  type NotificationStatus,
} from '../contract/index.js';
import type { NotificationCount, NotificationStats, NotificationView } from './notification-views.js';

const notifications = keyset({
  name: 'notifications.notifications',
  sorts: { created_at: { expression: 'created_at', type: 'timestamptz' } },
  default: '-created_at',
});

export class NotificationListPage extends Page {
  @Optional() @IsArray() @IsIn(NotificationStatuses, { each: true }) readonly status?: NotificationStatus[];
  @Optional()
  @IsArray()
  @IsIn(Channels, { each: true, context: { reason: 'channel_unknown' } })
  readonly channel?: Channel[];
  @Optional() @IsString() @MaxLength(50) @Example('task_completed') readonly template?: string;
  /** Only of the channel `in_app`. */
  @Optional() @IsBoolean() readonly unread?: boolean;
  /** Included. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly createdAfter?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly createdBefore?: string;
  /** Somebody else's: for administrators. */
  @Optional() @IsUUID() readonly userId?: string;
  /** Everybody's, and those to nobody with an account: for administrators. */
  @Optional() @IsBoolean() readonly all?: boolean;
  @Optional() @IsIn(sortsOf(notifications)) @Example('-created_at') readonly sort?: string;
}

export class NotificationStatsQuery extends Message<NotificationStatsQuery> {
  /** Included. Left out: 30 days before the end. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. Left out: now. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly to?: string;
}

/** All that was said up to a time may have been read at once. */
const readUntil = `(
  select read_until from notifications.recipients as recipient
  where recipient.id = user_id and read_until >= created_at and channel = 'in_app')`;
const readAt = `coalesce(read_at, ${readUntil})`;
const isUnread = `(channel = 'in_app' and status = 'delivered' and read_at is null and ${readUntil} is null)`;

const columns = `id, version, user_id, channel, recipient, template, topic, title, message, metadata, dedup_key, status,
  external_id, error_message, retry_count, ${maxRetries} as max_retries, sent_at, delivered_at, ${readAt} as read_at,
  created_at, updated_at`;

const byId = {
  name: 'notifications_by_id',
  text: `
    select ${columns} from notifications.notifications
    where id = $1 and ($3 or (user_id = $2 and status <> 'suppressed'))`,
};

const unread = {
  name: 'notifications_unread',
  text: `select count(*)::int as unread from notifications.notifications where user_id = $1 and ${isUnread}`,
};

const whole = {
  name: 'notifications_whole',
  text: `
    select ${columns} from notifications.notifications
    where user_id = $1 order by created_at, id`,
};

const stats = {
  name: 'notifications_stats',
  text: `
    select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, channel, status, count(*)::int as notifications
    from notifications.notifications
    where created_at >= coalesce($1::timestamptz, coalesce($2::timestamptz, now()) - interval '30 days')
      and created_at < coalesce($2::timestamptz, 'infinity')
    group by 1, 2, 3 order by 1, 2, 3`,
};

const matching = [
  `($2 or status <> 'suppressed')`,
  '($3::text[] is null or status = any($3))',
  '($4::text[] is null or channel = any($4))',
  '($5::text is null or template = $5)',
  `($6::boolean is null or ${isUnread} = $6)`,
  '($7::timestamptz is null or created_at >= $7)',
  '($8::timestamptz is null or created_at < $8)',
];

/** Everybody reads what was said to them, administrators what was said to anybody, and what was not said after all. */
@Injectable()
export class NotificationQueries implements ResourceQueries<Wire<NotificationView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<NotificationView> | undefined> {
    const [found] = await this.db.query<Wire<NotificationView>>(byId, [id, reader.id, isAdmin(reader)]);
    return found;
  }

  /** @throws Problem 403 `admin_only` when those of others are asked for by anyone but an administrator */
  async list(page: NotificationListPage, reader: AuthenticatedUser): Promise<Paged<Wire<NotificationView>>> {
    const { status, channel, template, createdAfter, createdBefore, userId = reader.id, all = false } = page;
    const asAdmin = isAdmin(reader);
    if ((userId !== reader.id || all) && !asAdmin)
      throw new Problem({
        code: 'FORBIDDEN',
        reason: 'admin_only',
        detail: 'only administrators list the notifications of others: leave user_id and all out to list your own',
      });
    const whose = all ? null : userId;
    const times = [moment(createdAfter), moment(createdBefore)];
    return notifications.page<Wire<NotificationView>>(this.db, this.cursors, {
      columns,
      from: 'notifications.notifications',
      where: [all ? '$1::uuid is null' : 'user_id = $1', ...matching],
      values: [whose, asAdmin, status, channel, template, page.unread, ...times],
      query: page,
    });
  }

  /** By the day that they were requested on. What was deleted since does not count. */
  async stats({ from, to }: NotificationStatsQuery): Promise<Wire<NotificationStats>> {
    return { items: await this.db.query<NotificationCount>(stats, [moment(from), moment(to)]) };
  }

  async unread(userId: string): Promise<number> {
    const [counted] = await this.db.query<{ unread: number }>(unread, [userId]);
    return counted?.unread ?? 0;
  }

  /** All that was ever said to somebody and not deleted since, without a look at who reads it. */
  of(userId: string): Promise<readonly Wire<NotificationView>[]> {
    return this.db.query<Wire<NotificationView>>(whole, [userId]);
  }
}

const isAdmin = ({ roles }: AuthenticatedUser): boolean => roles.includes('admin');

const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));
