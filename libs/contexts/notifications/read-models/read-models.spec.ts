import { describe, expect, it } from '@jest/globals';

import {
  ContactForgotten,
  ContactRecorded,
  InboxRead,
  NotificationAlreadyExists,
  NotificationDeleted,
  NotificationDelivered,
  NotificationFailed,
  NotificationRead,
  NotificationRequested,
  NotificationSent,
  NotificationSuppressed,
  PreferencesUpdated,
  TemplateCreated,
  TemplateDeactivated,
  TemplateNameTaken,
  TemplateUpdated,
} from '../contract/index.js';
import { notificationList } from './notification.projection.js';
import { recipients } from './recipient.projection.js';
import { templates } from './template.projection.js';

const notificationId = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';
const templateId = '0196a1de-0000-7000-8000-0000000000c1';

/** The n-th event occurs in the n-th second of March. */
const second = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, n));
const time = (n: number): string => second(n).toISOString();

const rowsAfter =
  (projection: typeof notificationList) =>
  (...events: readonly object[]) =>
    events.reduce<ReturnType<typeof projection.fold.apply>>(
      (row, event, index) =>
        projection.fold.apply(row, event, { version: index + 1, occurredAt: second(index + 1), actor: userId }),
      null,
    );

describe('The list of notifications', () => {
  const rowAfter = rowsAfter(notificationList);
  const mail = { notificationId, subjectId: userId, userId, channel: 'email', template: 'welcome' } as const;
  const words = { topic: 'account', title: 'Welcome', message: 'Hello.' } as const;
  const requested = new NotificationRequested({ ...mail, ...words, recipient: 'ada@example.org' });
  const failed = new NotificationFailed({ ...mail, error: '452 later', retryCount: 0, willRetry: true });
  const sent = new NotificationSent({
    ...mail,
    recipientMasked: 'a•••@example.org',
    externalId: 'one',
    retryCount: 1,
    sentAt: time(3),
  });
  const delivered = new NotificationDelivered({ notificationId, userId, channel: 'email', deliveredAt: time(4) });
  const shown = {
    id: notificationId,
    userId,
    channel: 'email',
    recipient: 'ada@example.org',
    template: 'welcome',
    ...words,
    metadata: null,
    dedupKey: null,
    status: 'pending',
    externalId: null,
    errorMessage: null,
    retryCount: 0,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    createdAt: second(1),
    updatedAt: second(1),
  };

  it('shows what is to be said', () => {
    expect(rowAfter(requested)).toEqual(shown);
  });

  it('shows no user, no template and no key where there is none', () => {
    const { subjectId, channel } = mail;
    const row = rowAfter(
      new NotificationRequested({ notificationId, subjectId, channel, ...words, recipient: 'bob@example.org' }),
    );
    expect(row).toMatchObject({ userId: null, template: null, dedupKey: null });
  });

  it('shows what failed, and why, until it is sent', () => {
    const after = { ...shown, status: 'failed', errorMessage: '452 later', updatedAt: second(2) };
    expect(rowAfter(requested, failed)).toEqual(after);
    expect(rowAfter(requested, failed, sent)).toEqual({
      ...shown,
      status: 'sent',
      externalId: 'one',
      retryCount: 1,
      sentAt: second(3),
      updatedAt: second(3),
    });
  });

  it('shows what was delivered and read', () => {
    const read = new NotificationRead({ notificationId, userId, readAt: time(5) });
    expect(rowAfter(requested, failed, sent, delivered, read)).toMatchObject({
      status: 'delivered',
      deliveredAt: second(4),
      readAt: second(5),
      updatedAt: second(5),
    });
  });

  it('shows no words of a text message that was delivered', () => {
    const text = new NotificationRequested({ ...requested, channel: 'sms', recipient: '+441632960961' });
    expect(rowAfter(text, failed, sent)).toMatchObject({ message: 'Hello.' });
    expect(rowAfter(text, failed, sent, delivered)).toMatchObject({
      title: 'Welcome',
      message: '',
      status: 'delivered',
    });
    expect(rowAfter(requested, failed, sent, delivered)).toMatchObject({ message: 'Hello.' });
  });

  it('shows what was not said after all', () => {
    const { recipient } = requested;
    const suppressed = new NotificationSuppressed({ ...mail, ...words, recipient, metadata: null });
    expect(rowAfter(suppressed)).toEqual({ ...shown, status: 'suppressed' });
  });

  it('does not show what was deleted', () => {
    expect(rowAfter(requested, new NotificationDeleted({ notificationId, userId, deletedAt: time(2) }))).toBeNull();
  });

  it('takes a key that is there already for a conflict', () => {
    expect(notificationList.unique.notifications_dedup_key?.()).toEqual(new NotificationAlreadyExists());
  });
});

describe('The recipients', () => {
  const rowAfter = rowsAfter(recipients);
  const recorded = new ContactRecorded({ userId, email: 'ada@example.org', username: 'ada_l', name: 'Ada' });
  const chosen = new PreferencesUpdated({ userId, topics: { tasks: [] } });
  const nothing = {
    id: userId,
    email: null,
    username: null,
    name: null,
    firstName: null,
    lastName: null,
    phoneNumber: null,
    preferences: {},
    readUntil: null,
    isForgotten: false,
  };
  const read = new InboxRead({ userId, readUntil: time(1) });

  it('show whatever is known, in whatever order it came', () => {
    const all = {
      ...nothing,
      email: 'ada@example.org',
      username: 'ada_l',
      name: 'Ada',
      preferences: { tasks: [] },
      readUntil: second(1),
    };
    expect(rowAfter(recorded, chosen, read)).toEqual(all);
    expect(rowAfter(read, recorded, chosen)).toEqual(all);
    expect(rowAfter(chosen, read, recorded)).toEqual(all);
  });

  it('show nothing of whom is forgotten but that', () => {
    const forgotten = new ContactForgotten({ userId });
    expect(rowAfter(recorded, chosen, read, forgotten)).toEqual({ ...nothing, isForgotten: true });
    expect(rowAfter(forgotten)).toEqual({ ...nothing, isForgotten: true });
  });
});

describe('The templates', () => {
  const rowAfter = rowsAfter(templates);
  const words = { topic: 'tasks', subject: 'Done', body: '{{title}}', variables: { title: 'title' } } as const;
  const created = new TemplateCreated({ templateId, name: 'done', channel: 'email', ...words });
  const updated = new TemplateUpdated({
    ...created,
    body: 'Done: {{title}}',
    isActive: true,
    updatedAt: time(3),
    changed: ['body', 'is_active'],
  });
  const deactivated = new TemplateDeactivated({ templateId, name: 'done', channel: 'email', deactivatedAt: time(2) });

  it('are shown as they were made', () => {
    expect(rowAfter(created)).toEqual({
      id: templateId,
      name: 'done',
      channel: 'email',
      ...words,
      isActive: true,
      createdAt: second(1),
      updatedAt: second(1),
    });
  });

  it('are shown when they are not active, and as they were changed last', () => {
    expect(rowAfter(created, deactivated)).toMatchObject({ isActive: false, updatedAt: second(2) });
    expect(rowAfter(created, deactivated, updated)).toMatchObject({
      body: 'Done: {{title}}',
      isActive: true,
      createdAt: second(1),
      updatedAt: second(3),
    });
  });

  it('take a name that is there already for a conflict', () => {
    expect(templates.unique.templates_name_channel?.()).toEqual(new TemplateNameTaken());
  });
});
