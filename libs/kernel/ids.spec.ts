import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';

import { derivedId, newId, uuid } from './ids.js';

const part = fc.oneof(fc.string({ unit: 'binary' }), fc.integer());
const form = (version: number): RegExp =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

describe('A derived id', () => {
  it('is the same for the same parts, today and tomorrow', () => {
    expect(derivedId('tasks.task', 'a', 1)).toBe(derivedId('tasks.task', 'a', 1));
    // A change of this value would give the commands of a policy new ids, and so run them again.
    expect(derivedId('tasks.task', 'a', 1)).toBe('0da514cc-4a98-8c49-90e6-0fca61a3b935');
  });

  it('is a UUID of version 8 and the RFC 9562 variant', () => {
    fc.assert(fc.property(fc.array(part), (parts) => expect(derivedId(...parts)).toMatch(form(8))));
  });

  it('differs when the same text is cut elsewhere', () => {
    expect(derivedId('ab', 'c')).not.toBe(derivedId('a', 'bc'));
    expect(derivedId('a', '1:b')).not.toBe(derivedId('a,1:b'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 2 }), fc.nat(), fc.nat(), (text, one, other) => {
        const cuts = [one % text.length, other % text.length] as const;
        fc.pre(cuts[0] !== cuts[1] && text.slice(0, cuts[0]).isWellFormed() && text.slice(0, cuts[1]).isWellFormed());
        expect(derivedId(text.slice(0, cuts[0]), text.slice(cuts[0]))).not.toBe(
          derivedId(text.slice(0, cuts[1]), text.slice(cuts[1])),
        );
      }),
    );
  });

  it('differs for other parts', () => {
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (some, others) => {
        fc.pre(some.length !== others.length || some.some((value, index) => String(value) !== String(others[index])));
        expect(derivedId(...some)).not.toBe(derivedId(...others));
      }),
    );
  });
});

describe('A new id', () => {
  it('is a UUID of version 7', () => {
    expect(newId()).toMatch(form(7));
  });

  it('sorts behind the ids that were made before it', () => {
    const made = Array.from({ length: 10_000 }, newId);
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('sorts behind them even after the clock was set back', () => {
    const before = newId();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 60_000);
    const after = [newId(), newId()];
    clock.mockRestore();
    expect([...after, before].sort()).toEqual([before, ...after]);
  });

  it('begins with the time of its making', () => {
    const earliest = Date.now();
    const made = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
    expect(made).toBeGreaterThanOrEqual(earliest);
    expect(made).toBeLessThanOrEqual(Date.now());
  });

  it('has bits that nobody can guess', () => {
    const tails = Array.from({ length: 2_000 }, () => newId().slice(-12));
    expect(new Set(tails).size).toBe(tails.length);
  });
});

describe('The text of 16 bytes', () => {
  it('keeps all bits but those of version and variant', () => {
    expect(uuid(Buffer.alloc(16, 0xff), 8)).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
    expect(uuid(Buffer.alloc(16), 7)).toBe('00000000-0000-7000-8000-000000000000');
  });
});
