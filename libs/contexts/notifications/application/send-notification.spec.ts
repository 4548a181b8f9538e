import { describe, it } from '@jest/globals';

import {
  AdminOnly,
  NotificationFailed,
  NotificationNotFound,
  NotificationRequested,
  NotificationSent,
  SendNotification,
} from '../contract/index.js';
import { NotificationAlreadySent, NotificationNotPending } from '../domain/errors.js';
import { busy, gone } from '../doubles/in-memory-gateways.js';
import {
  happened,
  inbox,
  notificationId,
  notificationsScenario,
  now,
  phoneNumber,
  userId,
} from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const send = new SendNotification({ notificationId });
const to = (recipient: string) => new NotificationRequested({ ...happened.requested, recipient });

describe('Sending a notification', () => {
  it('tells that a server took it, and under what id', () =>
    notificationsScenario().given(happened.requested).when(send).then(happened.sent));

  it('goes to a telephone where it is to', () =>
    notificationsScenario()
      .given(new NotificationRequested({ ...to(phoneNumber), channel: 'sms' }))
      .when(send)
      .then(new NotificationSent({ ...happened.sent, channel: 'sms', recipientMasked: '+44•••61' })));

  it('tells when it was sent, however long before that was to happen; never before it was', async () => {
    const sentAt = '2026-03-01T11:00:00.000Z';
    await notificationsScenario().given(happened.requested).at('2026-03-01T07:00:00Z').when(send).then(happened.sent);
    await notificationsScenario()
      .given(happened.requested)
      .at(sentAt)
      .when(send)
      .then(new NotificationSent({ ...happened.sent, sentAt }));
  });

  it('is shown', () =>
    notificationsScenario()
      .given(happened.requested)
      .when(send)
      .thenRow(NotificationRow, notificationId, { status: 'sent', externalId: 'external-1', retryCount: 0 }));

  it('fails for now when the server refuses it for now', () =>
    notificationsScenario().given(to(busy.email)).when(send).then(happened.failed(0)));

  it('that fails tells when it did', () =>
    notificationsScenario()
      .given(to(busy.email))
      .at('2026-03-01T07:00:00Z')
      .when(send)
      .then(new NotificationFailed({ ...happened.failed(0), failedAt: now })));

  it('fails for good when nobody is there', () =>
    notificationsScenario()
      .given(to(gone.email))
      .when(send)
      .then(new NotificationFailed({ ...happened.failed(0, false), error: '550 nobody here' })));

  it('is rejected when it was sent', () =>
    notificationsScenario().given(happened.requested, happened.sent).when(send).thenRejected(NotificationAlreadySent));

  it('is rejected when it was delivered, as what is in the app is at once', () =>
    notificationsScenario().given(inbox.requested, inbox.delivered).when(send).thenRejected(NotificationAlreadySent));

  it('is rejected when it failed: that is for a retry', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0))
      .when(send)
      .thenRejected(NotificationNotPending));

  it('is rejected when the user does not want it', () =>
    notificationsScenario().given(happened.suppressed).when(send).thenRejected(NotificationNotPending));

  it('is rejected when there is none, or not any more', async () => {
    await notificationsScenario().when(send).thenRejected(NotificationNotFound);
    await notificationsScenario()
      .given(happened.requested, happened.deleted)
      .when(send)
      .thenRejected(NotificationNotFound);
  });

  it('is rejected, and sends nothing, when the notification is not as whoever asks believes it to be', () =>
    notificationsScenario()
      .given(happened.requested)
      .expecting(2)
      .when(send)
      .thenRejected({ kind: 'version_conflict' }));

  it('is for administrators and the system’s own policies', () =>
    notificationsScenario().given(happened.requested).by(userId, 'user').when(send).thenRejected(AdminOnly));
});
