import { describe, it } from '@jest/globals';

import { AdminOnly, NotificationFailed, NotificationNotFound, RecordDelivery } from '../contract/index.js';
import { happened, notificationId, notificationsScenario, userId } from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const report = (providerStatus: string, externalId = 'external-1') =>
  new RecordDelivery({ notificationId, externalId, providerStatus });
const sent = () => notificationsScenario().given(happened.requested, happened.sent);
const undelivered = new NotificationFailed({
  ...happened.failed(0, false),
  error: 'the provider reports: undelivered',
});

describe('A provider’s report', () => {
  it.each(['delivered', 'read'])('that a message is %s tells that it was delivered', (status) =>
    sent().when(report(status)).then(happened.delivered),
  );

  it('that it was delivered is shown', () =>
    sent().when(report('delivered')).thenRow(NotificationRow, notificationId, { status: 'delivered' }));

  it('that it cannot be delivered tells that it failed, for good', () =>
    sent().when(report('undelivered')).then(undelivered));

  it.each(['accepted', 'queued', 'sent', 'canceled', 'something new'])('of %s changes nothing', (status) =>
    sent().when(report(status)).thenNothing(),
  );

  it('changes nothing once it was delivered', () =>
    sent().given(happened.delivered).when(report('failed')).thenNothing());

  it('of a failure changes nothing once it failed', () =>
    sent().given(undelivered).when(report('failed')).thenNothing());

  it('is believed where nobody had heard that the message was taken', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0))
      .when(report('delivered', 'external-9'))
      .then(happened.delivered));

  it('of another message is rejected', () =>
    sent().when(report('delivered', 'external-9')).thenRejected(NotificationNotFound));

  it('of no notification is rejected', () =>
    notificationsScenario().when(report('delivered')).thenRejected(NotificationNotFound));

  it('is nobody’s to forge', () => sent().by(userId, 'user').when(report('delivered')).thenRejected(AdminOnly));
});
