import { policy, schedule, send, unschedule } from '#kernel';

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
    then: ({ notificationId, retryCount, willRetry }, _, { occurredAt }) =>
      willRetry
        ? [schedule(new RetryNotification({ notificationId }), new Date(occurredAt.getTime() + retryPause(retryCount)))]
        : [],
  }),
  policy(name, NotificationDeleted, {
    then: ({ notificationId }) => [unschedule(RetryNotification, notificationId)],
  }),
];
