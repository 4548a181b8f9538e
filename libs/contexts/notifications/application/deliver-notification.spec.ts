import { describe, it } from '@jest/globals';

import { schedule, send, unschedule } from '#kernel';

import { NotificationFailed, RetryNotification, SendNotification } from '../contract/index.js';
import { happened, inbox, notificationId, notificationsPolicy, now } from '../doubles/notifications-scenario.js';

const retry = new RetryNotification({ notificationId });

describe('A notification that is requested', () => {
  it('is sent', () =>
    notificationsPolicy()
      .on(happened.requested)
      .then(send(new SendNotification({ notificationId }))));

  it('is not sent where it is in the app already', () => notificationsPolicy().on(inbox.requested).thenNothing());
});

describe('A notification that failed', () => {
  it.each([
    [0, '2026-03-01T10:01:00Z'],
    [1, '2026-03-01T10:05:00Z'],
    [2, '2026-03-01T10:15:00Z'],
  ])('after %i retries is tried again at %s', (retryCount, at) =>
    notificationsPolicy()
      .on(happened.failed(retryCount))
      .at(now)
      .then(schedule(retry, new Date(at))),
  );

  it('is tried again a while after the attempt, however late that was', () =>
    notificationsPolicy()
      .on(happened.failed(0))
      .at('2026-03-01T09:00:00Z')
      .then(schedule(retry, new Date('2026-03-01T10:01:00Z'))));

  it('and does not say when, as older events, is tried again a while after its event', () =>
    notificationsPolicy()
      .on(new NotificationFailed({ ...happened.failed(0), failedAt: undefined }))
      .at('2026-03-01T09:00:00Z')
      .then(schedule(retry, new Date('2026-03-01T09:01:00Z'))));

  it('for good is left alone', async () => {
    await notificationsPolicy().on(happened.failed(0, false)).thenNothing();
    await notificationsPolicy().on(happened.failed(3)).thenNothing();
  });

  it('and is deleted then is not tried again', () =>
    notificationsPolicy().on(happened.deleted).then(unschedule(RetryNotification, notificationId)));
});
