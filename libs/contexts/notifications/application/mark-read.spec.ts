import { describe, it } from '@jest/globals';

import { MarkRead, NotificationNotFound } from '../contract/index.js';
import { NotInApp } from '../domain/errors.js';
import {
  happened,
  inbox,
  notificationId,
  notificationsScenario,
  now,
  stranger,
  userId,
} from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const read = new MarkRead({ notificationId, userId });
const inTheApp = () => notificationsScenario().given(inbox.requested, inbox.delivered).by(userId, 'user');

describe('Reading a notification', () => {
  it('tells whose it was and when', () => inTheApp().when(read).then(inbox.read));

  it('is shown', () =>
    inTheApp()
      .when(read)
      .thenRow(NotificationRow, notificationId, { readAt: new Date(now) }));

  it('happens once', () => inTheApp().given(inbox.read).when(read).thenNothing());

  it('is rejected to anyone but its user, as if there were none', () =>
    inTheApp()
      .by(stranger, 'user', 'admin')
      .when(new MarkRead({ notificationId, userId: stranger }))
      .thenRejected(NotificationNotFound));

  it('is for what is in the app', () =>
    notificationsScenario().given(happened.requested).when(read).thenRejected(NotInApp));

  it('is rejected when it was suppressed, as if there were none', () =>
    notificationsScenario().given(happened.suppressed).when(read).thenRejected(NotificationNotFound));
});
