import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { violatedConstraint } from '#platform/database/errors.js';
import { Cursors } from '#platform/http/cursors.js';

import {
  ContactForgotten,
  ContactRecorded,
  InboxRead,
  NotificationDelivered,
  NotificationFailed,
  NotificationRead,
  NotificationRequested,
  NotificationSent,
  NotificationSuppressed,
  PreferencesUpdated,
} from '../contract/index.js';
import { RecordedNotifications } from '../doubles/recorded-notifications.js';
import { InboxQueries, NotificationOverviewQueries } from './inbox.queries.js';
import { NotificationQueries, type NotificationListPage } from './notification.queries.js';
import { NotificationPersonalData } from './personal-data.js';
import { RecipientQueries } from './recipient.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';

let recorded: RecordedNotifications;
let notifications: NotificationQueries;
let recipients: RecipientQueries;

beforeAll(async () => {
  recorded = await RecordedNotifications.create();
  notifications = new NotificationQueries(recorded.reading, new Cursors('a secret'));
  recipients = new RecipientQueries(recorded.reading);
});
afterAll(() => recorded?.remove());

const user = (...roles: readonly string[]): AuthenticatedUser => ({ id: randomUUID(), roles: ['user', ...roles] });
const admin = user('admin');

const words = { topic: 'tasks', title: 'Well done', message: 'You have completed “Pack”.' } as const;

/** Something in the app, unless the fields say otherwise. */
async function told(
  userId: string | undefined,
  when = at,
  fields: Partial<NotificationRequested> = {},
): Promise<NotificationRequested> {
  const notificationId = newId();
  const requested = new NotificationRequested({
    notificationId,
    subjectId: userId ?? notificationId,
    userId,
    channel: 'in_app',
    recipient: userId ?? 'bob@example.org',
    template: 'task_completed',
    ...words,
    ...fields,
  });
  await recorded.happened(when, requested);
  const { channel } = requested;
  if (channel === 'in_app')
    await recorded.happened(when, new NotificationDelivered({ notificationId, userId, channel, deliveredAt: when }));
  return requested;
}

const idsOf = async (reader: AuthenticatedUser, page: Partial<NotificationListPage> = {}): Promise<string[]> =>
  (await notifications.list(page, reader)).items.map(({ id }) => id);

describe('A notification', () => {
  it('is shown whole to whom it was said', async () => {
    const me = user();
    const metadata = { Any: ['thing'] };
    const { notificationId } = await told(me.id, at, {
      channel: 'email',
      recipient: 'ada@example.org',
      metadata,
      dedupKey: `key of ${me.id}`,
    });
    const attempt = { notificationId, subjectId: me.id, userId: me.id, channel: 'email', retryCount: 0 } as const;
    await recorded.happened(later, new NotificationFailed({ ...attempt, error: '452 later', willRetry: true }));
    const shown = {
      id: notificationId,
      version: 2,
      user_id: me.id,
      channel: 'email',
      recipient: 'ada@example.org',
      template: 'task_completed',
      ...words,
      metadata,
      dedup_key: `key of ${me.id}`,
      status: 'failed',
      external_id: null,
      error_message: '452 later',
      retry_count: 0,
      max_retries: 3,
      sent_at: null,
      delivered_at: null,
      read_at: null,
      created_at: new Date(at),
      updated_at: new Date(later),
    };
    expect(await notifications.byId(notificationId, me)).toEqual(shown);

    const sent = { ...attempt, recipientMasked: 'a•••@example.org', externalId: 'one', retryCount: 1, sentAt: later };
    await recorded.happened(later, new NotificationSent(sent));
    expect(await notifications.byId(notificationId, me)).toEqual({
      ...shown,
      version: 3,
      status: 'sent',
      external_id: 'one',
      error_message: null,
      retry_count: 1,
      sent_at: new Date(later),
    });
  });

  it('is shown to administrators, and does not exist for anybody else', async () => {
    const { notificationId: id } = await told(user().id);
    expect(await notifications.byId(id, admin)).toMatchObject({ id });
    expect(await notifications.byId(id, user('analyst'))).toBeUndefined();
  });

  it('that was suppressed is shown to administrators only', async () => {
    const me = user();
    const notificationId = newId();
    await recorded.happened(
      at,
      new NotificationSuppressed({
        notificationId,
        subjectId: me.id,
        userId: me.id,
        channel: 'email',
        recipient: 'ada@example.org',
        ...words,
      }),
    );
    expect(await notifications.byId(notificationId, me)).toBeUndefined();
    expect(await notifications.byId(notificationId, admin)).toMatchObject({ status: 'suppressed' });
    expect(await idsOf(me)).toEqual([]);
    expect(await idsOf(admin, { userId: me.id })).toEqual([notificationId]);
  });

  it('under a key is there once', async () => {
    const me = user();
    await told(me.id, at, { dedupKey: `once ${me.id}` });
    const again = told(me.id, at, { dedupKey: `once ${me.id}` });
    await expect(again.catch((error) => violatedConstraint(error)?.constraint)).resolves.toBe(
      'notifications_dedup_key',
    );
  });
});

describe('The list of notifications', () => {
  it('is one’s own, newest first, page by page', async () => {
    const me = user();
    const ids: string[] = [];
    for (const hour of [1, 2, 3]) ids.unshift((await told(me.id, `2026-03-01T0${hour}:00:00Z`)).notificationId);
    await told(user().id);
    expect(await idsOf(me)).toEqual(ids);
    expect(await idsOf(me, { sort: 'created_at' })).toEqual(ids.toReversed());
    const first = await notifications.list({ limit: 2, include: 'total' }, me);
    expect(first).toMatchObject({ items: [{ id: ids[0] }, { id: ids[1] }], total: 3 });
    expect(await idsOf(me, { limit: 2, cursor: first.next_cursor ?? '' })).toEqual([ids[2]]);
  });

  it('is filtered by channel, status, template and time', async () => {
    const me = user();
    const { notificationId: note } = await told(me.id);
    const { notificationId: mail } = await told(me.id, later, {
      channel: 'email',
      recipient: 'ada@example.org',
      template: 'welcome',
    });
    expect(await idsOf(me, { channel: ['email'] })).toEqual([mail]);
    expect(await idsOf(me, { channel: ['email', 'in_app'] })).toEqual([mail, note]);
    expect(await idsOf(me, { status: ['delivered'] })).toEqual([note]);
    expect(await idsOf(me, { template: 'welcome' })).toEqual([mail]);
    expect(await idsOf(me, { createdAfter: later })).toEqual([mail]);
    expect(await idsOf(me, { createdBefore: later })).toEqual([note]);
  });

  it('of somebody else, or of everybody, is for administrators', async () => {
    const me = user();
    const { notificationId: mine } = await told(me.id);
    const { notificationId: nobodys } = await told(undefined, at, { channel: 'email' });
    expect(await idsOf(admin, { userId: me.id })).toEqual([mine]);
    expect(await idsOf(admin, { all: true, limit: 100 })).toEqual(expect.arrayContaining([mine, nobodys]));
    expect(await idsOf(admin)).toEqual([]);
    for (const page of [{ userId: me.id }, { all: true }])
      await expect(notifications.list(page, user('analyst'))).rejects.toMatchObject({
        status: 403,
        details: { reason: 'admin_only' },
      });
    expect(await idsOf(me, { userId: me.id })).toEqual([mine]);
  });
});

describe('An inbox', () => {
  it('counts what is in the app and was not read, one by one or all at once', async () => {
    const me = user();
    const [first, second] = [await told(me.id), await told(me.id)];
    await told(me.id, at, { channel: 'email', recipient: 'ada@example.org' });
    await told(user().id);
    const inbox = new InboxQueries(notifications);
    expect(await inbox.byId(me.id, me)).toEqual({ unread_count: 2 });
    expect(await new NotificationOverviewQueries(notifications).unread(me.id)).toBe(2);
    expect(await inbox.byId(me.id, user('admin'))).toBeUndefined();

    const { notificationId } = first;
    await recorded.happened(later, new NotificationRead({ notificationId, userId: me.id, readAt: later }));
    expect(await idsOf(me, { unread: true })).toEqual([second.notificationId]);
    expect(await idsOf(me, { unread: false, channel: ['in_app'] })).toEqual([notificationId]);

    await recorded.happened(later, new InboxRead({ userId: me.id, readUntil: later }));
    expect(await notifications.unread(me.id)).toBe(0);
    expect(await notifications.byId(second.notificationId, me)).toMatchObject({ read_at: new Date(later) });
    expect(await idsOf(me, { unread: true })).toEqual([]);
  });

  it('that was read is not full any more until something is said after that', async () => {
    const me = user();
    await recorded.happened(at, new InboxRead({ userId: me.id, readUntil: at }));
    const { notificationId } = await told(me.id, later);
    expect(await idsOf(me, { unread: true })).toEqual([notificationId]);
  });

  it('reads no mail', async () => {
    const me = user();
    const { notificationId } = await told(me.id, at, { channel: 'email', recipient: 'ada@example.org' });
    await recorded.happened(later, new InboxRead({ userId: me.id, readUntil: later }));
    expect(await notifications.byId(notificationId, me)).toMatchObject({ read_at: null });
  });
});

describe('How many notifications there were', () => {
  const day = '2027-05-01';
  const period = { from: `${day}T00:00:00Z`, to: '2027-05-03T00:00:00Z' };

  it('is told by day, channel and status, from the beginning of the period to before its end', async () => {
    const me = user().id;
    await told(me, '2027-04-30T23:59:59.999Z');
    await told(me, `${day}T00:00:00.000Z`);
    await told(me, `${day}T23:59:59.999Z`);
    await told(me, `${day}T12:00:00.000Z`, { channel: 'email', recipient: 'ada@example.org' });
    await told(me, '2027-05-02T00:00:00.000Z');
    await told(me, '2027-05-03T00:00:00.000Z');
    expect(await notifications.stats(period)).toEqual({
      items: [
        { day, channel: 'email', status: 'pending', notifications: 1 },
        { day, channel: 'in_app', status: 'delivered', notifications: 2 },
        { day: '2027-05-02', channel: 'in_app', status: 'delivered', notifications: 1 },
      ],
    });
  });

  it('is told of the thirty days before the end unless the beginning is given', async () => {
    await told(user().id, '2028-03-01T00:00:00.000Z');
    await told(user().id, '2028-02-29T23:59:59.999Z');
    const { items } = await notifications.stats({ to: '2028-03-31T00:00:00Z' });
    expect(items.map((item) => item.day)).toEqual(['2028-03-01']);
  });
});

describe('Preferences', () => {
  const all = ['email', 'sms', 'whatsapp', 'push', 'in_app'];

  it('are everything by every channel, unless somebody chose', async () => {
    const me = user();
    expect(await recipients.byId(me.id, me)).toEqual({
      version: 0,
      topics: { account: all, tasks: all, labour: all, subscriptions: all },
    });
    await recorded.happened(at, new PreferencesUpdated({ userId: me.id, topics: { tasks: ['in_app'], labour: [] } }));
    expect(await recipients.byId(me.id, me)).toEqual({
      version: 1,
      topics: { account: all, tasks: ['in_app'], labour: [], subscriptions: all },
    });
  });

  it('are nobody else’s', async () => {
    expect(await recipients.byId(user().id, admin)).toBeUndefined();
  });
});

describe('What notifications keep of a person', () => {
  it('is how they are reached, what they chose, and what was said to them', async () => {
    const me = user();
    await recorded.happened(
      at,
      new ContactRecorded({ userId: me.id, email: 'ada@example.org', username: 'ada_l', name: 'Ada' }),
      new PreferencesUpdated({ userId: me.id, topics: { tasks: [] } }),
    );
    const { notificationId } = await told(me.id);
    expect(await new NotificationPersonalData(recipients, notifications).of(me.id)).toEqual({
      contact: {
        email: 'ada@example.org',
        username: 'ada_l',
        name: 'Ada',
        first_name: null,
        last_name: null,
        phone_number: null,
        preferences: { tasks: [] },
        read_until: null,
      },
      notifications: [expect.objectContaining({ id: notificationId, ...words })],
    });
  });

  it('is nothing where nothing was said, or they are forgotten', async () => {
    const me = user();
    const personal = new NotificationPersonalData(recipients, notifications);
    expect(await personal.of(me.id)).toBeUndefined();
    await recorded.happened(at, new ContactForgotten({ userId: me.id }));
    expect(await personal.of(me.id)).toBeUndefined();
  });
});
