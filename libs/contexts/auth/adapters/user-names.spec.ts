import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { defaultUsername } from './user-names.js';

const id = '0198c0de-0000-7000-8000-00000000a1b2';

describe('A user name that nobody has chosen', () => {
  it.each([
    ['ada@example.org', 'ada_00a1b2'],
    ['ADA@example.org', 'ada_00a1b2'],
    ['ada.lovelace+list@example.org', 'adalovelaceli_00a1b2'],
    ['"a@b"@example.org', 'ab_00a1b2'],
    ['жанна@example.org', 'user_00a1b2'],
  ])('is made of %s and the id', (email, username) => {
    expect(defaultUsername(email, id)).toBe(username);
  });

  it('is always a good one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (local, userId) => {
        expect(defaultUsername(`${local}@example.org`, userId)).toMatch(/^\w{3,20}$/);
      }),
    );
  });
});
