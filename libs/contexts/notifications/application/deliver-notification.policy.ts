import { policy, schedule, send, timeOf, unschedule } from '#kernel';

import {
  NotificationDeleted,
  NotificationFailed,
  NotificationRequested,
  RetryNotification,
  SendNotification,
} from '../contract/index.js';
import { retryPause } from '../domain/retries.js';

const name = 'notifications.deliver_notification';

export const deliverNotification = [
  policy(name, NotificationRequested, {
    then: ({ notificationId, channel }) =>
      channel === 'in_app' ? [] : [send(new SendNotification({ notificationId }))],
  }),
  policy(name, NotificationFailed, {
    then: ({ notificationId, retryCount, willRetry, failedAt }, _, { occurredAt }) => {
      if (!willRetry) return [];
      const from = failedAt === undefined ? occurredAt : timeOf(failedAt);
      return [schedule(new RetryNotification({ notificationId }), new Date(from.getTime() + retryPause(retryCount)))];
    },
  }),
  policy(name, NotificationDeleted, {
    then: ({ notificationId }) => [unschedule(RetryNotification, notificationId)],
  }),
];
