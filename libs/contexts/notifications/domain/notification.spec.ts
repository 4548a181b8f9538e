import { describe, expect, it } from '@jest/globals';

import {
  maxRetries,
  NotificationDelivered,
  NotificationFailed,
  NotificationRequested,
  NotificationSent,
  RequestNotification,
} from '../contract/index.js';
import { Notification } from './notification.js';
import type { Delivery } from './outgoing-message.js';
import type { TemplateText } from './template-text.js';

const notificationId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const at = new Date('2026-03-01T10:00:00.000Z');
const later = '2026-03-01T11:00:00.000Z';

const link = { kind: 'password_reset', request_id: notificationId, expires_at: later } as const;
const requested = new NotificationRequested({
  notificationId,
  subjectId: userId,
  userId,
  channel: 'email',
  recipient: 'ada@example.org',
  topic: 'tasks',
  title: 'Well done',
  message: 'You have completed “Pack”.',
});

function notificationAfter(...events: readonly object[]): Notification {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: userId }));
  return new Notification(notificationId).restore(new Notification(notificationId).replay(past), {
    at,
    actor: userId,
  });
}

const refused = (permanent: boolean, error = '452 try later'): Delivery => ({ kind: 'refused', error, permanent });
const lastOf = (notification: Notification): object | undefined => notification.recorded.at(-1);

describe('A message on its way out', () => {
  it('is the same at every attempt, but for its number', () => {
    const notification = notificationAfter(requested);
    const first = notification.toSend();
    notification.attempted(first, refused(false), at);
    expect(notification.toRetry()).toEqual({ ...first, attempt: 2 });
    expect(first.attempt).toBe(1);
  });

  it('may be unsubscribed from, unless it concerns the account', () => {
    expect(notificationAfter(requested).toSend().listUnsubscribe).toBe(true);
    const ofAccount = new NotificationRequested({ ...requested, topic: 'account' });
    expect(notificationAfter(ofAccount).toSend().listUnsubscribe).toBe(false);
  });

  it('says what its link is for', () => {
    expect(notificationAfter(requested).toSend().link).toBeUndefined();
    expect(notificationAfter(new NotificationRequested({ ...requested, link })).toSend().link).toEqual({
      kind: 'password_reset',
      userId,
      requestId: notificationId,
      expiresAt: new Date(later),
    });
  });
});

describe('A message that has arrived', () => {
  const messageOf = (channel: 'email' | 'sms'): string => {
    const delivered = new NotificationDelivered({ notificationId, userId, channel, deliveredAt: later });
    const { state } = notificationAfter(new NotificationRequested({ ...requested, channel }), delivered).snapshot;
    return (state as { message: string }).message;
  };

  it('is kept, unless it is a text message', () => {
    expect([messageOf('email'), messageOf('sms')]).toEqual([requested.message, '']);
  });
});

describe('An attempt that fails', () => {
  it('is followed by at most three more', () => {
    const notification = notificationAfter(requested);
    notification.attempted(notification.toSend(), refused(false), at);
    for (let retry = 0; retry < maxRetries; retry++) notification.attempted(notification.toRetry(), refused(false), at);
    const failures = notification.recorded as readonly NotificationFailed[];
    expect(failures.map(({ retryCount, willRetry }) => [retryCount, willRetry])).toEqual([
      [0, true],
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(() => notification.toRetry()).toThrow('tried again 3 times');
  });

  it('for good is followed by none', () => {
    const notification = notificationAfter(requested);
    notification.attempted(notification.toSend(), refused(true), at);
    expect(lastOf(notification)).toMatchObject({ willRetry: false });
  });

  it('tells why, in at most 500 characters', () => {
    const notification = notificationAfter(requested);
    notification.attempted(notification.toSend(), refused(false, 'x'.repeat(501)), at);
    expect((lastOf(notification) as NotificationFailed).error).toHaveLength(500);
  });
});

describe('An attempt that succeeds', () => {
  it('tells little of the recipient', () => {
    const notification = notificationAfter(requested);
    notification.attempted(notification.toSend(), { kind: 'accepted', externalId: 'one' }, at);
    expect(lastOf(notification)).toEqual(
      new NotificationSent({
        notificationId,
        subjectId: userId,
        userId,
        channel: 'email',
        recipientMasked: 'a•••@example.org',
        externalId: 'one',
        retryCount: 0,
        sentAt: at.toISOString(),
      }),
    );
  });
});

describe('A notification by a template', () => {
  const template: TemplateText = { topic: 'tasks', subject: '{{title}}', body: '“{{title}}”', isActive: true };
  const wanted = (title: string): RequestNotification =>
    new RequestNotification({
      notificationId,
      subjectId: userId,
      userId,
      channel: 'email',
      recipient: 'ada@example.org',
      template: 'done',
      variables: { title },
    });
  const requestedWith = (title: string): NotificationRequested => {
    const notification = notificationAfter();
    notification.request(wanted(title), { contact: undefined, template }, at);
    return lastOf(notification) as NotificationRequested;
  };

  it('has a title of one line, whatever its variables say', () => {
    const { title, message } = requestedWith('Pack\r\nBcc: eve@example.org');
    expect(title).toBe('Pack Bcc: eve@example.org');
    expect(message).toBe('“Pack\r\nBcc: eve@example.org”');
  });

  it('is never too long to be said', () => {
    const { title, message } = requestedWith('x'.repeat(5000));
    expect([title.length, message.length]).toEqual([200, 5000]);
  });
});
