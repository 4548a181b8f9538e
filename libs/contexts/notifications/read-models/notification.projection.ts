import { fold, on, projection } from '#kernel';

import {
  keptOnceDelivered,
  NotificationAlreadyExists,
  NotificationDeleted,
  NotificationDelivered,
  NotificationFailed,
  NotificationRead,
  NotificationRequested,
  NotificationSent,
  NotificationSuppressed,
  type NotificationStatus,
} from '../contract/index.js';
import { NotificationRow } from './notification.entity.js';

type Opening = NotificationRequested | NotificationSuppressed;

const opened = (event: Opening, status: NotificationStatus, at: Date) => ({
  id: event.notificationId,
  userId: event.userId ?? null,
  channel: event.channel,
  recipient: event.recipient,
  template: event.template ?? null,
  topic: event.topic,
  title: event.title,
  message: event.message,
  metadata: event.metadata ?? null,
  dedupKey: event.dedupKey ?? null,
  status,
  externalId: null,
  errorMessage: null,
  retryCount: 0,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  createdAt: at,
  updatedAt: at,
});

export const notificationList = projection('notifications.notifications', NotificationRow, {
  inline: true,
  version: 2,
  unique: { notifications_dedup_key: () => new NotificationAlreadyExists() },
  fold: fold(
    on(NotificationRequested, (_, event, { occurredAt }) => opened(event, 'pending', occurredAt)),
    on(NotificationSuppressed, (_, event, { occurredAt }) => opened(event, 'suppressed', occurredAt)),
    on(NotificationSent, (row, { externalId, retryCount, sentAt }, { occurredAt }) => ({
      ...row,
      status: 'sent',
      externalId,
      errorMessage: null,
      retryCount,
      sentAt: new Date(sentAt),
      updatedAt: occurredAt,
    })),
    on(NotificationFailed, (row, { error, retryCount }, { occurredAt }) => ({
      ...row,
      status: 'failed',
      errorMessage: error,
      retryCount,
      updatedAt: occurredAt,
    })),
    on(NotificationDelivered, (row, { deliveredAt }, { occurredAt }) => ({
      ...row,
      message: keptOnceDelivered(row.channel, row.message),
      status: 'delivered',
      errorMessage: null,
      deliveredAt: new Date(deliveredAt),
      updatedAt: occurredAt,
    })),
    on(NotificationRead, (row, { readAt }, { occurredAt }) => ({
      ...row,
      readAt: new Date(readAt),
      updatedAt: occurredAt,
    })),
    on(NotificationDeleted, () => null),
  ),
});
