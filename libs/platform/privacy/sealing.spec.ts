import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CannotOpen, looksSealed, Sealing } from './sealing.js';

const old = 'first:a secret of thirty-two characters';
const fresh = 'second:another one of thirty-two chars';

describe('Sealed values', () => {
  it('open to what they were, whatever JSON that is', () => {
    const sealing = new Sealing(old);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sealed = sealing.seal(value, 'a field');
        expect(looksSealed(sealed)).toBe(true);
        expect(sealing.open(sealed, 'a field')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('are never the same twice, and show nothing of what they hold', () => {
    const sealing = new Sealing(old);
    const [one, two] = [sealing.seal('canary', 'a field'), sealing.seal('canary', 'a field')];
    expect(one).not.toBe(two);
    expect(Buffer.from(one?.split(':').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  });

  it('open for no other purpose', () => {
    const sealing = new Sealing(old);
    expect(() => sealing.open(sealing.seal('x', 'one field'), 'another field')).toThrow(CannotOpen);
  });

  it('do not open once a bit of them has changed', () => {
    const sealing = new Sealing(old);
    const sealed = sealing.seal('x', 'a field');
    const start = sealed.lastIndexOf(':') + 1;
    const bytes = Buffer.from(sealed.slice(start), 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => sealing.open(sealed.slice(0, start) + changed.toString('base64url'), 'a field')).toThrow(
          CannotOpen,
        );
      }),
    );
  });

  it('open after the keys were rotated, as long as the old one is listed', () => {
    const sealed = new Sealing(old).seal('x', 'a field');
    expect(new Sealing(`${fresh},${old}`).open(sealed, 'a field')).toBe('x');
    expect(() => new Sealing(fresh).open(sealed, 'a field')).toThrow(
      'needs the key first: add it to the end of ENCRYPTION_KEYS',
    );
    expect(new Sealing(`${fresh},${old}`).seal('x', 'a field')).toMatch(/^sealed:v1:second:/);
  });

  it('do not open under a key that merely has the same id', () => {
    const sealed = new Sealing(old).seal('x', 'a field');
    expect(() => new Sealing('first:no such secret, but of that length').open(sealed, 'a field')).toThrow(CannotOpen);
  });
});
