import { live } from '#platform/realtime/live-view.js';

import { InboxRead, NotificationRead, NotificationRequested } from '../../contract/index.js';

/** What a user's streams tell of the channel `in_app`: what has come, and what was read elsewhere. */
export const ownNotifications = [
  live(NotificationRequested, {
    name: 'notification',
    to: ({ channel, userId }) => (channel === 'in_app' && userId ? [userId] : []),
    view: ({ notificationId, template, topic, title, message, metadata }, { occurredAt }) => ({
      notification_id: notificationId,
      template: template ?? null,
      topic,
      title,
      message,
      metadata: metadata ?? null,
      created_at: occurredAt.toISOString(),
    }),
  }),
  live(NotificationRead, {
    name: 'notification_read',
    to: ({ userId }) => [userId],
    view: ({ notificationId, readAt }) => ({ notification_id: notificationId, read_at: readAt }),
  }),
  live(InboxRead, {
    name: 'inbox_read',
    to: ({ userId }) => [userId],
    view: ({ readUntil }) => ({ read_until: readUntil }),
  }),
];
