import { describe, expect, it } from '@jest/globals';

import {
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserVerificationRequested,
} from '#contexts/auth/contract/index.js';
import { UserCreated } from '#contexts/users/contract/index.js';
import { send } from '#kernel';
import { eventId as idOf } from '#platform/messaging/cloud-event.js';

import { builtInTemplates, RequestNotification } from '../contract/index.js';
import { render } from '../domain/template-text.js';
import { notificationsPolicy } from '../doubles/notifications-scenario.js';
import { tellOfAccount } from './tell-of-account.policy.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const requestId = '0196a1de-0000-7000-8000-0000000000f1';
const eventId = '0196a1de-0000-7000-8000-0000000000e1';
const reached = { userId, email: 'ada@example.org', username: 'ada_l' };
const link = { ...reached, requestId, expiresAt: '2026-03-02T10:00:00.000Z' };
const occurredAt = new Date('2026-03-01T10:00:00Z');

/** The one command that follows from an event. */
function toldOf(event: object, id = eventId): RequestNotification {
  const policies = tellOfAccount.filter(({ event: type }) => type === event.constructor);
  const consequences = policies.flatMap(({ then }) =>
    then(event as never, undefined as never, { eventId: id, version: 1, occurredAt, actor: userId }),
  );
  const [only, ...more] = consequences.flatMap((consequence) =>
    consequence.kind === 'send' ? [consequence.command] : [],
  );
  expect(more).toEqual([]);
  return only as RequestNotification;
}

const events = {
  welcome: new UserCreated({ ...reached, name: 'Ada L.', isActive: true, isVerified: false }),
  email_verification: new UserVerificationRequested(link),
  password_reset: new UserPasswordResetRequested(link),
  password_changed: new UserPasswordChanged({ ...reached, method: 'change' }),
};

describe('What concerns an account', () => {
  it.each(Object.entries(events))('is told by mail to the address that the event names: %s', (name, event) => {
    expect(toldOf(event)).toMatchObject({
      userId,
      subjectId: userId,
      channel: 'email',
      recipient: 'ada@example.org',
      template: name,
      variables: { username: 'ada_l' },
    });
  });

  it.each(['password_reset', 'email_verification'] as const)(
    'carries the request of a link, never the link: %s',
    (kind) => {
      const { link: said, variables } = toldOf(events[kind]);
      expect(said).toEqual({ kind, request_id: requestId, expires_at: '2026-03-02T10:00:00.000Z' });
      expect(variables).toEqual({ username: 'ada_l', expires_at: '2 March 2026 at 10:00 UTC' });
    },
  );

  it('is told by the worker', () =>
    notificationsPolicy()
      .on(events.welcome)
      .at('2026-03-01T10:00:00Z')
      .then(send(toldOf(events.welcome, idOf('story.user', userId, 1)))));

  it.each(Object.entries(events))('is not told to whoever is forgotten by then: %s', (_, event) => {
    const forgotten = { ...event, email: '', username: '', ...(event instanceof UserCreated && { name: '' }) };
    const Type = event.constructor as new (fields: object) => object;
    return notificationsPolicy().on(new Type(forgotten)).thenNothing();
  });

  it('is told once for an event, and again for the next', () => {
    const [once, again, next] = [toldOf(events.welcome), toldOf(events.welcome), toldOf(events.welcome, requestId)];
    expect(again).toEqual(once);
    expect(once.dedupKey).toBe(`${eventId}:${userId}:email:welcome`);
    expect(next.notificationId).not.toBe(once.notificationId);
  });

  it.each(Object.entries(events))('has a value for each variable of its template: %s', (name, event) => {
    const template = builtInTemplates.find((built) => built.name === name && built.channel === 'email');
    const { variables, link: wanted } = toldOf(event);
    const values = { ...variables, ...(wanted && { link: 'the link' }) };
    expect(() => render(`${template?.subject} ${template?.body}`, values)).not.toThrow();
    expect(template?.topic).toBe('account');
  });
});
