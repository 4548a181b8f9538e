import { describe, it } from '@jest/globals';

import {
  AdminOnly,
  NotificationFailed,
  NotificationNotFound,
  NotificationRequested,
  NotificationSent,
  RetryNotification,
} from '../contract/index.js';
import { NotificationNotFailed, RetryLimitReached } from '../domain/errors.js';
import { busy, gone } from '../doubles/in-memory-gateways.js';
import { happened, notificationId, notificationsScenario, userId } from '../doubles/notifications-scenario.js';
import { NotificationRow } from '../read-models/notification.entity.js';

const retry = new RetryNotification({ notificationId });
const to = (recipient: string) => new NotificationRequested({ ...happened.requested, recipient });

describe('Trying a notification again', () => {
  it('sends the same message as another attempt, which counts', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0))
      .when(retry)
      .then(new NotificationSent({ ...happened.sent, externalId: 'external-2', retryCount: 1 })));

  it('shows no error any more once it is sent', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0), happened.failed(1))
      .when(retry)
      .thenRow(NotificationRow, notificationId, { status: 'sent', retryCount: 2, errorMessage: null }));

  it.each([
    [1, true],
    [2, true],
    [3, false],
  ])('fails as retry number %i, and is tried again: %s', (retryCount, willRetry) => {
    const before = Array.from({ length: retryCount }, (_, n) => happened.failed(n));
    return notificationsScenario()
      .given(to(busy.email), ...before)
      .when(retry)
      .then(happened.failed(retryCount, willRetry));
  });

  it('fails for good when nobody is there any more', () =>
    notificationsScenario()
      .given(to(gone.email), happened.failed(0))
      .when(retry)
      .then(new NotificationFailed({ ...happened.failed(1, false), error: '550 nobody here' })));

  it('may be wanted by an administrator where it would not happen by itself', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0, false))
      .when(retry)
      .then(new NotificationSent({ ...happened.sent, externalId: 'external-2', retryCount: 1 })));

  it('is rejected after three times', () =>
    notificationsScenario().given(happened.requested, happened.failed(3)).when(retry).thenRejected(RetryLimitReached));

  it('is rejected unless it failed', async () => {
    await notificationsScenario().given(happened.requested).when(retry).thenRejected(NotificationNotFailed);
    await notificationsScenario()
      .given(happened.requested, happened.sent)
      .when(retry)
      .thenRejected(NotificationNotFailed);
    await notificationsScenario().given(happened.suppressed).when(retry).thenRejected(NotificationNotFailed);
  });

  it('is rejected when there is none', () => notificationsScenario().when(retry).thenRejected(NotificationNotFound));

  it('is for administrators and the system’s own policies', () =>
    notificationsScenario()
      .given(happened.requested, happened.failed(0))
      .by(userId, 'user')
      .when(retry)
      .thenRejected(AdminOnly));
});
