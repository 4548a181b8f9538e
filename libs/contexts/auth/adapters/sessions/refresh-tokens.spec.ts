import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { newId } from '#kernel';

import { hashOfToken, RefreshTokens, type PresentedToken } from './refresh-tokens.js';

const keys = 'one:a secret of at least thirty-two characters';
const other = 'two:another secret of at least thirty-two characters';
const tokens = new RefreshTokens(keys);
const source = { id: newId(), seed: randomBytes(32) };

const read = (token: string): PresentedToken => tokens.read(token) as PresentedToken;

describe('A refresh token', () => {
  it('says which session and which of its tokens it is, truly', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(), (id, bytes, generation) => {
        const session = { id, seed: Buffer.from(bytes) };
        const presented = read(tokens.issue(session, generation));
        expect(presented).toMatchObject({ sessionId: id, generation });
        expect(tokens.isGenuine(presented, session)).toBe(true);
      }),
    );
  });

  it('is good for no other session, seed or generation', () => {
    const presented = read(tokens.issue(source, 3));
    expect(tokens.isGenuine(presented, { ...source, id: newId() })).toBe(false);
    expect(tokens.isGenuine(presented, { ...source, seed: randomBytes(32) })).toBe(false);
    expect(tokens.isGenuine({ ...presented, generation: 4 }, source)).toBe(false);
  });

  it('cannot be made from what is stored alone', () => {
    expect(tokens.isGenuine(read(new RefreshTokens(other).issue(source, 3)), source)).toBe(false);
  });

  it('can be issued again, whichever of the keys it was issued with', () => {
    const token = tokens.issue(source, 3);
    const rotated = new RefreshTokens(`${other},${keys}`);
    expect(rotated.issued(source, 3, hashOfToken(token))).toBe(token);
    expect(rotated.isGenuine(read(token), source)).toBe(true);
    expect(rotated.issue(source, 3)).not.toBe(token);
    expect(new RefreshTokens(other).issued(source, 3, hashOfToken(token))).toBeUndefined();
  });

  it.each(['', 'x', 'A'.repeat(69), 'A'.repeat(71), `${'A'.repeat(69)}=`, `${'A'.repeat(69)}.`])(
    'is not %j',
    (text) => {
      expect(tokens.read(text)).toBeUndefined();
    },
  );
});
