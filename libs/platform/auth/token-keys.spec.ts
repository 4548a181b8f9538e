import { generateKeyPairSync, sign, verify } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { TokenKeys } from './token-keys.js';

const newKey = (): Record<string, string> =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Record<string, string>;
const setOf = (...keys: unknown[]): string => JSON.stringify({ keys });

function fault(text: string): string {
  try {
    return `none: ${new TokenKeys(text).signing.kid}`;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('The keys of access tokens', () => {
  const [first, second] = [newKey(), newKey()];

  it('sign with the first and verify with all', () => {
    const keys = new TokenKeys(setOf({ ...first, kid: 'new' }, { ...second, kid: 'old' }));
    expect(keys.signing.kid).toBe('new');
    const signature = sign('sha256', Buffer.from('said'), keys.signing.privateKey);
    const verified = ['new', 'old'].map((kid) => {
      const key = keys.verifying(kid);
      return key && verify('sha256', Buffer.from('said'), key, signature);
    });
    expect(verified).toEqual([true, false]);
    expect(keys.verifying('other')).toBeUndefined();
  });

  it('are named by their thumbprint where they have no name', () => {
    // RFC 7638 leaves out all that is no part of the public key, so private members and their order make no difference.
    const { kid } = new TokenKeys(setOf(first)).signing;
    expect(kid).toMatch(/^[\w-]{43}$/);
    expect(new TokenKeys(setOf(Object.fromEntries(Object.entries(first).reverse()))).signing.kid).toBe(kid);
    expect(new TokenKeys(setOf(second)).signing.kid).not.toBe(kid);
  });

  it('are published without their private halves', () => {
    const { published } = new TokenKeys(setOf(first, { ...second, kid: 'old', use: 'sig' }));
    expect(published.keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: first.x, y: first.y, kid: expect.any(String), use: 'sig', alg: 'ES256' },
      { kty: 'EC', crv: 'P-256', x: second.x, y: second.y, kid: 'old', use: 'sig', alg: 'ES256' },
    ]);
    expect(JSON.stringify(published)).not.toContain(first.d);
  });

  it('keep their names when others come before them', () => {
    const { kid } = new TokenKeys(setOf(first)).signing;
    expect(new TokenKeys(setOf(second, first)).verifying(kid)).toBeDefined();
  });

  const { d: _, ...publicHalf } = first;
  it.each([
    ['no JSON', '{"keys":', 'no JSON'],
    ['null', 'null', 'no keys'],
    ['an empty set', setOf(), 'no keys'],
    ['a public key', setOf(publicHalf), 'key 1'],
    ['a key of another kind', setOf({ kty: 'oct', k: 'c2VjcmV0' }), 'key 1'],
    ['a key that is null', setOf(first, null), 'key 2'],
    ['a point that is not on the curve', setOf({ ...first, x: 'A'.repeat(43) }), 'x and y of key 1'],
    ['halves of two keys', setOf({ ...first, d: second.d }), 'x and y of key 1'],
    ['a kid that is no word', setOf({ ...first, kid: 'a b' }), 'kid of key 1'],
    ['a kid that is a number', setOf({ ...first, kid: 1 }), 'kid of key 1'],
    ['the same kid twice', setOf({ ...first, kid: 'a' }, { ...second, kid: 'a' }), 'same kid'],
    ['the same key twice', setOf(first, first), 'same kid'],
  ])('are refused when they are %s, without telling them', (_what, text, sentence) => {
    const said = fault(text);
    expect(said).toContain(sentence);
    for (const { d } of [first, second]) expect(said).not.toContain(d);
  });
});
