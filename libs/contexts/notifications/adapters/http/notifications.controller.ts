import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated, Roles } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  DeleteNotification,
  MarkAllRead,
  MarkRead,
  notificationIdOf,
  RequestNotification,
  RetryNotification,
  SendNotification,
  SetPreferences,
} from '../../contract/index.js';
import { InboxQueries } from '../../read-models/inbox.queries.js';
import {
  NotificationStats,
  NotificationView,
  PreferencesView,
  UnreadCount,
} from '../../read-models/notification-views.js';
import {
  NotificationListPage,
  NotificationQueries,
  NotificationStatsQuery,
} from '../../read-models/notification.queries.js';
import { RecipientQueries } from '../../read-models/recipient.queries.js';

class NewNotification extends PickType(RequestNotification, [
  'userId',
  'channel',
  'recipient',
  'template',
  'variables',
  'title',
  'message',
  'topic',
  'metadata',
  'dedupKey',
]) {}

class Preferences extends PickType(SetPreferences, ['topics']) {}

/** All may be read at once, without a new version of each. */
const read = (view: Wire<NotificationView>): string | undefined => (view.read_at ? 'read' : undefined);
const notification = { view: NotificationView, queries: NotificationQueries, phase: read };

@ApiTags('notifications')
@ApiBearerAuth()
@Authenticated()
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly commands: Commands,
    private readonly notifications: NotificationQueries,
    private readonly recipients: RecipientQueries,
  ) {}

  @Post()
  @Roles('admin')
  @Sends(RequestNotification, {
    body: NewNotification,
    reads: notification,
    summary: 'Tell somebody something',
    description:
      'To a `recipient`, or to a user as it is known where they are reached. By a `template` with its `variables`, or with a ' +
      '`title` and a `message`. What has the same `dedup_key` is said once. For administrators.',
  })
  request(@Body() body: NewNotification, @NewId('notificationId') newId: string) {
    // The stream of what was deleted still refuses what its read model has no row of.
    const notificationId = body.dedupKey === undefined ? newId : notificationIdOf(body.dedupKey);
    const subjectId = body.userId ?? notificationId;
    return this.commands.send(new RequestNotification({ ...body, notificationId, subjectId }));
  }

  @Get()
  @Lists(NotificationView, NotificationListPage, {
    summary: 'What was said to you, newest first',
    description:
      '`status` and `channel` may be repeated. What was created at `created_after` is included, at `created_before` ' +
      'excluded. Administrators list those of others with `user_id`, and everybody’s with `all`.',
  })
  list(@Query() page: NotificationListPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<NotificationView>>> {
    return this.notifications.list(page, me);
  }

  @Get('unread-count')
  @Reads(UnreadCount, { summary: 'How many notifications of the channel in_app you have not read' })
  async unread(@Me() me: AuthenticatedUser): Promise<Wire<UnreadCount>> {
    return { unread_count: await this.notifications.unread(me.id) };
  }

  @Get('stats')
  @Roles('admin')
  @Reads(NotificationStats, {
    query: NotificationStatsQuery,
    summary: 'How many notifications there were, by day, channel and status',
    description:
      'By the day (UTC) that they were requested on, and the status that they have by now; of the last 30 days unless ' +
      'said. What was deleted since does not count. For administrators.',
  })
  stats(@Query() query: NotificationStatsQuery): Promise<Wire<NotificationStats>> {
    return this.notifications.stats(query);
  }

  @Post('read-all')
  @Sends(MarkAllRead, {
    reads: { view: UnreadCount, queries: InboxQueries, alone: true },
    summary: 'Mark all as read that was said to you by now',
  })
  readAll(@Me() me: AuthenticatedUser) {
    return this.commands.send(new MarkAllRead({ userId: me.id }));
  }

  @Get('preferences')
  @Reads(PreferencesView, { summary: 'By which channels you hear of what' })
  preferences(@Me() me: AuthenticatedUser): Promise<Wire<PreferencesView>> {
    return this.recipients.preferencesOf(me.id);
  }

  @Put('preferences')
  @Sends(SetPreferences, {
    body: Preferences,
    reads: { view: PreferencesView, queries: RecipientQueries, alone: true },
    summary: 'Choose by which channels you hear of what',
    description:
      'A topic that is left out is heard of by all channels. Of `account` everybody hears by all of them: what concerns ' +
      'the security of an account cannot be switched off.',
  })
  choose(@Body() body: Preferences, @Me() me: AuthenticatedUser) {
    return this.commands.send(new SetPreferences({ ...body, userId: me.id }));
  }

  @Get(':notification_id')
  @Reads(NotificationView, { phase: read, summary: 'One notification' })
  async byId(
    @Param('notification_id', UuidPipe) notificationId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<NotificationView>> {
    const found = await this.notifications.byId(notificationId, me);
    if (!found) throw notFound('notification_not_found', `there is no notification ${notificationId}`);
    return found;
  }

  @Delete(':notification_id')
  @Sends(DeleteNotification, {
    deletes: true,
    summary: 'Delete a notification',
    description: 'Your own of the channel `in_app`; administrators delete any.',
  })
  delete(@Param('notification_id', UuidPipe) notificationId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new DeleteNotification({ notificationId, userId: me.id }));
  }

  @Post(':notification_id/read')
  @Sends(MarkRead, { reads: notification, summary: 'Mark a notification of the channel in_app as read' })
  read(@Param('notification_id', UuidPipe) notificationId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new MarkRead({ notificationId, userId: me.id }));
  }

  @Post(':notification_id/send')
  @Roles('admin')
  @Sends(SendNotification, {
    reads: notification,
    summary: 'Send a notification that is pending',
    description: 'Notifications are sent by themselves: this is for one that was not. For administrators.',
  })
  send(@Param('notification_id', UuidPipe) notificationId: string) {
    return this.commands.send(new SendNotification({ notificationId }));
  }

  @Post(':notification_id/retry')
  @Roles('admin')
  @Sends(RetryNotification, {
    reads: notification,
    summary: 'Try a notification again that failed',
    description: 'It counts like those that happen by themselves: there are three. For administrators.',
  })
  retry(@Param('notification_id', UuidPipe) notificationId: string) {
    return this.commands.send(new RetryNotification({ notificationId }));
  }
}
