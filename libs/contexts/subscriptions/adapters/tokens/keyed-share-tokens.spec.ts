import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { KeyedShareTokens, ShareTokenKey } from './keyed-share-tokens.js';

const ada = '0196a1de-0000-7000-8000-00000000000a';
const keys = 'two:another secret of thirty-two letters,one:a secret of more than thirty letters';
const tokens = new KeyedShareTokens(ShareTokenKey.of(keys));

describe('A share token', () => {
  it('has 10 characters that nobody takes for one another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), (id, version) => {
        expect(tokens.make(id, version)).toMatch(/^[A-HJ-NP-Z2-9]{10}$/);
      }),
    );
  });

  it('is the same for the same person and version, and another one for the next', () => {
    expect(tokens.make(ada, 3)).toBe(new KeyedShareTokens(ShareTokenKey.of(keys)).make(ada, 3));
    const many = Array.from({ length: 1_000 }, (_, version) => tokens.make(ada, version));
    expect(new Set(many).size).toBe(many.length);
  });

  it('cannot be told from the person’s id without the first key', () => {
    const [, older = ''] = keys.split(',');
    expect(new KeyedShareTokens(ShareTokenKey.of(older)).make(ada, 0)).not.toBe(tokens.make(ada, 0));
  });

  it('uses all of its characters about as often', () => {
    const drawn = Array.from({ length: 3_200 }, (_, version) => tokens.make(ada, version)).join('');
    const counts = Map.groupBy(drawn, (character) => character);
    expect(counts.size).toBe(32);
    for (const { length } of counts.values()) expect(Math.abs(length - 1_000)).toBeLessThan(200);
  });

  it('is compared whole, in capitals or not', () => {
    expect(tokens.isSame('K7QX2MPR4W', 'K7QX2MPR4W')).toBe(true);
    expect(tokens.isSame('k7qx2mpr4w', 'K7QX2MPR4W')).toBe(true);
    for (const wrong of ['', 'K7QX2MPR4', 'K7QX2MPR4WW', 'K7QX2MPR4V', 'x'.repeat(100)])
      expect(tokens.isSame(wrong, 'K7QX2MPR4W')).toBe(false);
  });
});
