import { describe, expect, it } from '@jest/globals';

import { Channels, Topics, type Channel } from '../contract/index.js';
import { allows, destination, masked, type Contact } from './contact.js';
import { RecipientInvalid } from './errors.js';

const userId = '0196a1de-0000-7000-8000-00000000000a';
const ada: Contact = {
  email: 'ada@example.org',
  phoneNumber: '+441632960961',
  preferences: {},
  isForgotten: false,
};

const to = (channel: Channel, recipient?: string, contact: Contact | undefined = ada) =>
  destination({ channel, userId, recipient }, contact);

describe('Where a message goes', () => {
  it.each([
    ['email', 'ada@example.org'],
    ['sms', '+441632960961'],
    ['whatsapp', '+441632960961'],
    ['in_app', userId],
  ] as const)('is known of a user for %s', (channel, where) => {
    expect(to(channel)).toBe(where);
  });

  it('is not known of everybody', () => {
    expect(() => to('sms', undefined, { ...ada, phoneNumber: undefined })).toThrow(RecipientInvalid);
    expect(() => destination({ channel: 'email', userId, recipient: undefined }, undefined)).toThrow(RecipientInvalid);
  });

  it.each([
    'a@example.org,b@example.org',
    'a@example.org; b@example.org',
    'a@example.org b@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org\n',
    '"a,b@example.org"@example.org',
    'ada',
    '@example.org',
    `${'a'.repeat(64)}@${'b'.repeat(190)}.org`,
    '+441632960961',
  ])('is one address, not %j', (recipient) => {
    expect(() => to('email', recipient)).toThrow(RecipientInvalid);
  });

  it.each(['441632960961', '+44 1632', '+', '+12345678901234567', '+44163\n', 'ada@example.org'])(
    'is one telephone, not %j',
    (recipient) => {
      for (const channel of ['sms', 'whatsapp'] as const)
        expect(() => to(channel, recipient)).toThrow(RecipientInvalid);
    },
  );

  it('is one device, which must be said: none is known of a user', () => {
    expect(to('push', 'device:0123456789abcdef')).toBe('device:0123456789abcdef');
    for (const recipient of [undefined, 'short', 'device 0123456789abcdef', `${'d'.repeat(16)}\n`, 'd'.repeat(255)])
      expect(() => to('push', recipient)).toThrow(RecipientInvalid);
  });

  it('is the inbox of the user whose notification it is', () => {
    expect(to('in_app', userId)).toBe(userId);
    expect(() => to('in_app', '0196a1de-0000-7000-8000-00000000000b')).toThrow(RecipientInvalid);
    expect(() => destination({ channel: 'in_app', userId: undefined, recipient: userId }, undefined)).toThrow(
      RecipientInvalid,
    );
  });

  it('is nowhere for whom is forgotten, whatever is given', () => {
    expect(() => to('email', 'ada@example.org', { ...ada, isForgotten: true })).toThrow(RecipientInvalid);
  });
});

describe('What somebody hears of', () => {
  it('is everything, by every channel, unless they chose', () => {
    for (const topic of Topics) for (const channel of Channels) expect(allows({}, topic, channel)).toBe(true);
  });

  it('is what they chose, topic by topic', () => {
    expect(allows({ tasks: ['in_app'] }, 'tasks', 'in_app')).toBe(true);
    expect(allows({ tasks: ['in_app'] }, 'tasks', 'email')).toBe(false);
    expect(allows({ tasks: ['in_app'] }, 'labour', 'email')).toBe(true);
    expect(allows({ tasks: [] }, 'tasks', 'in_app')).toBe(false);
  });

  it('is their account, always', () => {
    expect(allows({ account: [] }, 'account', 'email')).toBe(true);
  });
});

describe('A recipient that is masked', () => {
  it.each([
    ['email', 'ada@example.org', 'a•••@example.org'],
    ['sms', '+441632960961', '+44•••61'],
    ['whatsapp', '+441632960961', '+44•••61'],
    ['push', 'device:0123456789abcdef', '•••cdef'],
  ] as const)('by %s shows little', (channel, recipient, shown) => {
    expect(masked(channel, recipient)).toBe(shown);
  });
});
