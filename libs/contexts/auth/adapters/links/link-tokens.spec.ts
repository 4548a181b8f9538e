import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { newId } from '#kernel';

import { LinkTokens, type LinkRequest } from './link-tokens.js';

const keys = 'one:a secret of at least thirty-two characters';
const links = new LinkTokens(keys);
const now = new Date('2026-03-01T10:00:00Z');
const request: LinkRequest = { userId: newId(), requestId: newId(), expiresAt: new Date('2026-03-01T11:00:00Z') };

describe('The token of a link', () => {
  it('says which request of which account it is for', () => {
    const token = links.make('password_reset', request);
    expect(links.read('password_reset', token, now)).toEqual(request);
    expect(token).toMatch(/^[\w-]{51}\.[\w-]{43}$/);
  });

  it('is the same for the same request, so that it can be shown again', () => {
    expect(links.make('password_reset', request)).toBe(new LinkTokens(keys).make('password_reset', request));
  });

  it('is good until it expires', () => {
    const token = links.make('password_reset', request);
    expect(links.read('password_reset', token, new Date(request.expiresAt.getTime() - 1))).toEqual(request);
    expect(links.read('password_reset', token, request.expiresAt)).toBeUndefined();
  });

  it('is good for its purpose alone', () => {
    expect(links.read('email_verification', links.make('password_reset', request), now)).toBeUndefined();
  });

  it('is good as long as its key is there', () => {
    const token = links.make('password_reset', request);
    const other = 'two:another secret of at least thirty-two characters';
    expect(new LinkTokens(`${other},${keys}`).read('password_reset', token, now)).toEqual(request);
    expect(new LinkTokens(other).read('password_reset', token, now)).toBeUndefined();
  });

  it('is good for nothing when any of its characters is another', () => {
    const token = links.make('password_reset', request);
    const position = fc.nat({ max: token.length - 1 });
    // The last character of each half holds bits that stand for nothing.
    const character = fc.constantFrom(...'ABCXYZabcxyz0189_-.');
    fc.assert(
      fc.property(position, character, (at, other) => {
        const bytes = (text: string): Buffer[] => text.split('.').map((half) => Buffer.from(half, 'base64url'));
        const forged = token.slice(0, at) + other + token.slice(at + 1);
        const same = forged.split('.').length === 2 && Buffer.concat(bytes(forged)).equals(Buffer.concat(bytes(token)));
        fc.pre(!same);
        expect(links.read('password_reset', forged, now)).toBeUndefined();
      }),
    );
  });

  it.each(['', '.', 'x', `${'A'.repeat(51)}.${'A'.repeat(43)}`, 'A'.repeat(95), `${'A'.repeat(51)}.`])(
    'is not %j',
    (text) => {
      expect(links.read('password_reset', text, now)).toBeUndefined();
    },
  );
});
