import { describe, expect, it } from '@jest/globals';

import { isOneAddress, oneLine } from './one-address.js';

describe('A recipient of mail', () => {
  it.each(['ada@example.org', "o'neill+tag@mail.example.org", 'grüße@example.org', `${'a'.repeat(64)}@example.org`])(
    'is %s',
    (address) => expect(isOneAddress(address)).toBe(true),
  );

  it.each([
    '',
    'ada',
    'ada@',
    '@example.org',
    'a@b@c',
    'ada@example.org, bob@example.org',
    'ada@example.org;bob@example.org',
    'Ada <ada@example.org>',
    '"ada b"@example.org',
    'group:ada@example.org',
    'ada@example.org\r\nBcc: bob@example.org',
    'ada@example.org\nRCPT TO:<bob@example.org>',
    'ada@example.org ',
    'ada@example.org\u0000',
    'ada@[127.0.0.1]',
    'ada(comment)@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(253)}`,
  ])('is not %j', (address) => expect(isOneAddress(address)).toBe(false));
});

describe('A line of a header', () => {
  it('has no line ends and no control characters', () => {
    expect(oneLine(' Hello\r\nBcc: bob@example.org\u0000\u2028x\u001b[2J\n')).toBe('Hello Bcc: bob@example.org x [2J');
  });
});
