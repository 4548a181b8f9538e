import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, toWire, type Class } from '#kernel';

import * as contract from './index.js';
import { builtInTemplates, CreateTemplate, RequestNotification, SetPreferences, templateIdOf } from './index.js';

const id = '0196a1de-0000-7000-8000-000000000001';
const userId = '0196a1de-0000-7000-8000-00000000000a';

const judge =
  <T extends object>(type: Class<T>, valid: object) =>
  (fields: object): string => {
    try {
      decode(type, { ...valid, ...fields });
      return 'taken';
    } catch (error) {
      return (error as InvalidMessage).reason;
    }
  };

const wanted = judge(RequestNotification, { notification_id: id, subject_id: userId, channel: 'email' });
const choice = judge(SetPreferences, { user_id: userId });
const template = judge(CreateTemplate, {
  template_id: id,
  name: 'maintenance',
  channel: 'email',
  topic: 'account',
  subject: 'Tonight',
  body: 'The service rests.',
  variables: {},
});

describe('A notification to be requested', () => {
  it.each(['email', 'sms', 'whatsapp', 'push', 'in_app'])('may go by %s', (channel) =>
    expect(wanted({ channel })).toBe('taken'),
  );

  it.each(['pigeon', 'EMAIL', '', null, 5])('does not go by %j', (channel) =>
    expect(wanted({ channel })).toBe('channel_unknown'),
  );

  it.each(['', '   ', 5, null, 'x'.repeat(255)])('has no recipient %j', (recipient) =>
    expect(wanted({ recipient })).toBe('recipient_invalid'),
  );

  it('has a title of one line, of 1 to 200 characters', () => {
    expect(wanted({ title: ` ${'x'.repeat(200)} ` })).toBe('taken');
    expect(wanted({ title: 'x'.repeat(201) })).toBe('title_too_long');
    expect(wanted({ title: ' ' })).toBe('title_required');
    expect(wanted({ title: 'one\r\ntwo' })).toBe('title_invalid');
    expect(wanted({ title: 'one\u2028two' })).toBe('title_invalid');
  });

  it('has a message of 1 to 5,000 characters, kept as it is', () => {
    expect(wanted({ message: ' \n' })).toBe('taken');
    expect(wanted({ message: '😀'.repeat(5000) })).toBe('taken');
    expect(wanted({ message: 'x'.repeat(5001) })).toBe('message_too_long');
    expect(wanted({ message: '' })).toBe('message_required');
  });

  it.each([{ a: 1 }, { 'not a name': 'x' }, { a: 'x'.repeat(5001) }, { a: null }, ['a'], 'a', null])(
    'has no variables %j',
    (variables) => expect(wanted({ variables })).not.toBe('taken'),
  );

  it('has variables that are texts', () => {
    expect(wanted({ variables: { user_name: '', a1: 'x'.repeat(5000) } })).toBe('taken');
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`v${n}`, '']));
    expect(wanted({ variables: many })).toBe('variables_invalid');
  });

  it('has metadata of a size', () => {
    expect(wanted({ metadata: { Any: ['thing', { x: 1 }] } })).toBe('taken');
    expect(wanted({ metadata: { long: 'x'.repeat(4000) } })).toBe('metadata_too_long');
  });

  it('has a topic, where it has one, that is known', () => {
    expect(wanted({ topic: 'labour' })).toBe('taken');
    expect(wanted({ topic: 'weather' })).toBe('topic_unknown');
  });

  it('has a key of 1 to 255 characters', () => {
    expect(wanted({ dedup_key: 'x'.repeat(255) })).toBe('taken');
    expect(wanted({ dedup_key: '' })).not.toBe('taken');
  });

  it('has a link only of a request that is known', () => {
    const link = { kind: 'password_reset', request_id: id, expires_at: '2026-03-01T10:00:00.000Z' };
    expect(wanted({ link })).toBe('taken');
    for (const odd of [{ kind: 'free' }, { request_id: 'x' }, { expires_at: 'soon' }, { token: 'x' }])
      expect(wanted({ link: { ...link, ...odd } })).not.toBe('taken');
  });

  it('has a link to follow somebody without a request of its own', () => {
    const link = { kind: 'labour_invite', birthing_person_id: id };
    expect(wanted({ link })).toBe('taken');
    for (const odd of [{ birthing_person_id: 'x' }, { request_id: id }, { token: 'x' }])
      expect(wanted({ link: { ...link, ...odd } })).not.toBe('taken');
  });
});

describe('Preferences', () => {
  it('name channels by topic', () => {
    expect(choice({ topics: { tasks: ['email', 'in_app'], labour: [] } })).toBe('taken');
    expect(choice({ topics: {} })).toBe('taken');
  });

  it.each([
    [{ weather: ['email'] }, 'topic_unknown'],
    [{ tasks: ['pigeon'] }, 'channel_unknown'],
    [{ tasks: ['email', 'email'] }, 'channel_unknown'],
    [{ tasks: 'email' }, 'channel_unknown'],
    [{ tasks: null }, 'channel_unknown'],
  ])('are not %j', (topics, reason) => expect(choice({ topics })).toBe(reason));

  it.each([null, [], 'email', undefined])('are no %j', (topics) => expect(choice({ topics })).not.toBe('taken'));
});

describe('A template to be created', () => {
  it.each(['a', 'labour_begun', 'x1', 'a'.repeat(50)])('may be called %s', (name) =>
    expect(template({ name })).toBe('taken'),
  );

  it.each(['', 'A', '1a', 'a-b', 'a/b', ' a', 'a\n', 'a'.repeat(51), null])('is not called %j', (name) =>
    expect(template({ name })).toBe('template_name_invalid'),
  );

  it('has a subject of one line', () => expect(template({ subject: 'a\nb' })).toBe('subject_invalid'));

  it('has a body', () => expect(template({ body: '' })).toBe('body_required'));

  it('has an id of its own for each channel', () => {
    expect(templateIdOf('welcome', 'email')).toBe(templateIdOf('welcome', 'email'));
    expect(templateIdOf('welcome', 'email')).not.toBe(templateIdOf('welcome', 'sms'));
  });

  it.each(builtInTemplates)('may be built in: $name', (command) => {
    expect(decode(CreateTemplate, toWire(command))).toEqual(command);
  });
});

describe('The messages', () => {
  const classes = (Object.values(contract) as unknown[]).filter(
    (value): value is Class<object> => typeof value === 'function' && declaredFields(value as Class<object>).length > 0,
  );
  const nameOf = (type: Class<object>): string => {
    try {
      return commandType(type).name;
    } catch {
      return eventType(type).name;
    }
  };

  it('keep the names that they have on the wire', () => {
    expect(classes.map(nameOf).sort()).toEqual([
      'notification.deleted.v1',
      'notification.delivered.v1',
      'notification.failed.v1',
      'notification.read.v1',
      'notification.requested.v1',
      'notification.sent.v1',
      'notification.suppressed.v1',
      'notification_contact.forgotten.v1',
      'notification_contact.recorded.v1',
      'notification_inbox.read.v1',
      'notification_preferences.updated.v1',
      'notification_template.created.v1',
      'notification_template.deactivated.v1',
      'notification_template.updated.v1',
      'notifications.create_template.v1',
      'notifications.delete_notification.v1',
      'notifications.forget_recipient.v1',
      'notifications.mark_all_read.v1',
      'notifications.mark_read.v1',
      'notifications.record_contact.v1',
      'notifications.record_delivery.v1',
      'notifications.request_notification.v1',
      'notifications.retry_notification.v1',
      'notifications.send_notification.v1',
      'notifications.set_preferences.v1',
      'notifications.update_template.v1',
    ]);
  });
});
