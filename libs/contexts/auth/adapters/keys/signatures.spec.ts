import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Signatures } from './signatures.js';

const [old, fresh] = ['old:a secret of at least thirty-two characters', 'new:another secret of thirty-two characters'];
const signatures = new Signatures(old, 'tests');

describe('A signature', () => {
  it('is verified for what was signed, and for nothing else', () => {
    const parts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (signed, other) => {
        const given = signatures.sign(...signed);
        expect(signatures.verify(given, ...signed)).toBe(true);
        expect(signatures.verify(given, ...other)).toBe(JSON.stringify(signed) === JSON.stringify(other));
      }),
    );
  });

  it('is good for one use', () => {
    expect(new Signatures(old, 'other tests').verify(signatures.sign('it'), 'it')).toBe(false);
  });

  it('is good for as long as its key is there, which need not be the first', () => {
    const given = signatures.sign('it');
    expect(new Signatures(`${fresh},${old}`, 'tests').verify(given, 'it')).toBe(true);
    expect(new Signatures(fresh, 'tests').verify(given, 'it')).toBe(false);
  });

  it('is made by the first key', () => {
    expect(new Signatures(`${fresh},${old}`, 'tests').sign('it')).toEqual(new Signatures(fresh, 'tests').sign('it'));
  });

  it.each([0, 31, 33])('of %i bytes is none', (length) => {
    expect(signatures.verify(Buffer.alloc(length), 'it')).toBe(false);
  });
});
