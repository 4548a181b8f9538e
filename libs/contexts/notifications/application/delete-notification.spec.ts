import { describe, it } from '@jest/globals';

import { DeleteNotification, NotificationNotFound } from '../contract/index.js';
import { NotInApp } from '../domain/errors.js';
import {
  admin,
  happened,
  inbox,
  notificationId,
  notificationsScenario,
  stranger,
  userId,
} from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const remove = new DeleteNotification({ notificationId, userId });
const inTheApp = () => notificationsScenario().given(inbox.requested, inbox.delivered).by(userId, 'user');

describe('Deleting a notification', () => {
  it('tells whose it was', () => inTheApp().when(remove).then(inbox.deleted));

  it('leaves no row', () => inTheApp().when(remove).thenRow(NotificationRow, notificationId, null));

  it('is rejected to anyone but its user, as if there were none', () =>
    inTheApp()
      .by(stranger, 'user')
      .when(new DeleteNotification({ notificationId, userId: stranger }))
      .thenRejected(NotificationNotFound));

  it('is not for users where it was sent elsewhere', () =>
    notificationsScenario().given(happened.requested).by(userId, 'user').when(remove).thenRejected(NotInApp));

  it('is for administrators and the system whatever it is', async () => {
    const any = () => notificationsScenario().given(happened.requested);
    await any()
      .when(new DeleteNotification({ notificationId, userId: admin }))
      .then(happened.deleted);
    await any().by('system:notifications.forget_notifications', 'system').when(remove).then(happened.deleted);
  });
});
