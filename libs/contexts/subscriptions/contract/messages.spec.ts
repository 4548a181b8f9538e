import { describe, expect, it } from '@jest/globals';

import { commandType, declaredFields, decode, eventType, InvalidMessage, type Class } from '#kernel';

import * as contract from './index.js';
import {
  RegisterSubscriber,
  SendSubscriberInvite,
  ShareTokenSet,
  SubscribeTo,
  subscriptionIdOf,
  UpdateSubscriberRole,
} from './index.js';

const id = '0196a1de-0000-7000-8000-000000000001';
const other = '0196a1de-0000-7000-8000-000000000002';

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

describe('Contact methods', () => {
  const reasonFor = judge(RegisterSubscriber, { subscriber_id: id });

  it.each([[[]], [['email']], [['sms', 'email']]])('may be %j', (methods) => {
    expect(reasonFor({ contact_methods: methods })).toBe('taken');
  });

  it.each([[['email', 'email']], [['pigeon']], ['email'], [[['email']]], [null], [undefined], [[5]], [{}]])(
    'are never %j, for one reason',
    (methods) => {
      expect(reasonFor({ contact_methods: methods })).toBe('contact_method_invalid');
    },
  );
});

describe('A role', () => {
  const reasonFor = judge(UpdateSubscriberRole, { subscription_id: id, birthing_person_id: other });

  it.each(['birth_partner', 'support_person', 'loved_one'])('may be %s', (role) => {
    expect(reasonFor({ role })).toBe('taken');
  });

  it.each(['owner', '', 'LOVED_ONE', null, 5, undefined])('is never %j', (role) => {
    expect(reasonFor({ role })).toBe('role_invalid');
  });
});

describe('A token', () => {
  const parties = { subscription_id: id, subscriber_id: id, birthing_person_id: other };
  const reasonFor = judge(SubscribeTo, parties);

  it('is any text of 1 to 100 characters: whether it is right is not asked of its form', () => {
    expect(reasonFor({ token: 'K7QX2MPR4W' })).toBe('taken');
    expect(reasonFor({ token: 'nonsense!' })).toBe('taken');
    expect(reasonFor({ token: 'x'.repeat(101) })).not.toBe('taken');
    expect(reasonFor({ token: ' ' })).not.toBe('taken');
    expect(reasonFor({ token: 5 })).not.toBe('taken');
  });

  it('is taken without the white space around it', () => {
    expect(decode(SubscribeTo, { ...parties, token: ' K7QX2MPR4W\n' }).token).toBe('K7QX2MPR4W');
  });
});

describe('The address of who is invited', () => {
  const reasonFor = judge(SendSubscriberInvite, { subscriber_id: id });

  it.each([
    ['kay@example.org', 'taken'],
    [' kay@example.org ', 'taken'],
    ['kay', 'email_invalid'],
    ['kay@example.org, ada@example.org', 'email_invalid'],
    [`${'x'.repeat(250)}@example.org`, 'email_invalid'],
    [null, 'email_invalid'],
    [['kay@example.org'], 'email_invalid'],
  ])('%j: %s', (email, reason) => {
    expect(reasonFor({ email })).toBe(reason);
  });
});

describe('The id of a subscription', () => {
  it('is the same for the same two people, and another one for the reverse', () => {
    expect(subscriptionIdOf(id, other)).toBe(subscriptionIdOf(id, other));
    expect(subscriptionIdOf(id, other)).not.toBe(subscriptionIdOf(other, id));
  });
});

describe('The messages', () => {
  const classes = Object.values(contract).filter(
    (value) => typeof value === 'function' && value.prototype,
  ) as Class<object>[];
  const messages = classes.filter((type) => type.name !== '' && isMessage(type));

  it('keep the names that they have on the wire', () => {
    expect(messages.map(nameOf).toSorted()).toEqual([
      'share_settings.forgotten.v1',
      'share_settings.updated.v1',
      'share_token.rotated.v1',
      'share_token.set.v1',
      'subscriber.approved.v1',
      'subscriber.blocked.v1',
      'subscriber.contact_methods_updated.v1',
      'subscriber.forgotten.v1',
      'subscriber.identity_refreshed.v1',
      'subscriber.invite_sent.v1',
      'subscriber.registered.v1',
      'subscriber.removed.v1',
      'subscriber.requested.v1',
      'subscriber.role_updated.v1',
      'subscriber.subscribed_to.v1',
      'subscriber.unblocked.v1',
      'subscriber.unsubscribed_from.v1',
      'subscription.ended.v1',
      'subscriptions.approve_subscriber.v1',
      'subscriptions.block_subscriber.v1',
      'subscriptions.end_subscription.v1',
      'subscriptions.forget_share_settings.v1',
      'subscriptions.forget_subscriber.v1',
      'subscriptions.open_share_settings.v1',
      'subscriptions.refresh_identity.v1',
      'subscriptions.register_subscriber.v1',
      'subscriptions.remove_subscriber.v1',
      'subscriptions.rotate_share_token.v1',
      'subscriptions.send_subscriber_invite.v1',
      'subscriptions.set_approval_required.v1',
      'subscriptions.subscribe_to.v1',
      'subscriptions.unblock_subscriber.v1',
      'subscriptions.unsubscribe_from.v1',
      'subscriptions.update_contact_methods.v1',
      'subscriptions.update_subscriber_role.v1',
    ]);
  });

  it('tell names and addresses as personal, tokens as secret, and nothing else', () => {
    const personal = ['email', 'username', 'name', 'first_name', 'last_name', 'phone_number'];
    for (const type of messages)
      for (const field of declaredFields(type))
        expect([nameOf(type), field.wireName, field.personal, field.secret]).toEqual([
          nameOf(type),
          field.wireName,
          personal.includes(field.wireName),
          field.wireName === 'token',
        ]);
  });

  it('keep to the context what lets somebody in', () => {
    expect(eventType(ShareTokenSet).private).toBe(true);
  });
});

function isMessage(type: Class<object>): boolean {
  try {
    return nameOf(type) !== '';
  } catch {
    return false;
  }
}

function nameOf(type: Class<object>): string {
  try {
    return commandType(type).name;
  } catch {
    return eventType(type).name;
  }
}
