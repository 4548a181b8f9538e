import { policy, send } from '#kernel';

import { ContactForgotten, DeleteNotification } from '../contract/index.js';
import { NotificationLookup } from './ports.js';

/** Follows the forgetting, after which nothing more is said to the user. */
export const forgetNotifications = policy('notifications.forget_notifications', ContactForgotten, {
  from: NotificationLookup,
  rows: (notifications, { userId }) => notifications.idsOf(userId),
  then: ({ userId }, ids) => ids.map((notificationId) => send(new DeleteNotification({ notificationId, userId }))),
});
