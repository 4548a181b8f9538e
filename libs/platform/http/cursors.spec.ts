import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Cursors, type Position } from './cursors.js';
import { Problem } from './problem.js';

const cursors = new Cursors('a secret of at least 32 characters');
const list = ['tasks.tasks', '-created_at', ['ann', null, 'pending']];
const position: Position = { key: '2026-03-01 10:00:00+00', id: '0196a1de-0000-7000-8000-00000000000a' };

const filter = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
const lists = fc.tuple(fc.string(), fc.string(), fc.array(filter));
const positions = fc.record({ key: fc.string({ unit: 'binary' }), id: fc.uuid() });
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The position, or the reason for which the cursor is refused. */
function opened(cursor: string, of: readonly unknown[] = list, by = cursors): unknown {
  try {
    return by.open(of, cursor);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${error.status} ${error.details.reason}`;
  }
}
const refused = '400 cursor_invalid';

describe('A cursor', () => {
  it('leads the list that gave it to where it ended', () => {
    fc.assert(fc.property(lists, positions, (of, at) => expect(opened(cursors.seal(of, at), of)).toEqual(at)));
  });

  it('is good for no list that differs in anything', () => {
    fc.assert(
      fc.property(lists, lists, positions, (of, other, at) => {
        fc.pre(JSON.stringify(of) !== JSON.stringify(other));
        expect(opened(cursors.seal(of, at), other)).toBe(refused);
      }),
    );
  });

  it.each([
    ['list', ['labour.labours', '-created_at', ['ann', null, 'pending']]],
    ['sort', ['tasks.tasks', 'created_at', ['ann', null, 'pending']]],
    ['filter', ['tasks.tasks', '-created_at', ['ann', null, 'completed']]],
    ['filter, though it holds the same values', ['tasks.tasks', '-created_at', ['ann', 'pending', null]]],
    ['reader', ['tasks.tasks', '-created_at', ['bob', null, 'pending']]],
  ])('is good for no other %s', (_, other) => {
    expect(opened(cursors.seal(list, position), other)).toBe(refused);
  });

  it('is refused when one character of it was changed', () => {
    const cursor = cursors.seal(list, position);
    const others = fc.constantFrom(...alphabet, '.', ' ', '%');
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), others, (at, other) => {
        fc.pre(cursor[at] !== other);
        expect(opened(`${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`)).toBe(refused);
      }),
    );
  });

  it('is refused when it was cut short anywhere', () => {
    const cursor = cursors.seal(list, position);
    for (let length = 0; length < cursor.length; length++) expect(opened(cursor.slice(0, length))).toBe(refused);
  });

  it('is refused when something follows it', () => {
    const cursor = cursors.seal(list, position);
    expect([opened(`${cursor}.`), opened(`${cursor}.${cursor}`)]).toEqual([refused, refused]);
  });

  it('is refused when the position of one was put before the signature of another', () => {
    fc.assert(
      fc.property(positions, positions, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const [moved] = cursors.seal(list, one).split('.') as [string];
        const [, signature] = cursors.seal(list, other).split('.') as [string, string];
        expect(opened(`${moved}.${signature}`)).toBe(refused);
      }),
    );
  });

  it('leads nowhere else, whatever was put into it', () => {
    const cursor = cursors.seal(list, position);
    fc.assert(
      fc.property(fc.nat(cursor.length), fc.string({ unit: 'binary', minLength: 1 }), (at, text) => {
        expect([refused, position]).toContainEqual(opened(`${cursor.slice(0, at)}${text}${cursor.slice(at)}`));
      }),
    );
  });

  it('is refused when somebody made it up', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(opened(text)).toBe(refused)));
    expect(opened('.')).toBe(refused);
  });

  it('is worth nothing under another secret', () => {
    const others = new Cursors('another secret of 32 characters!');
    expect(opened(cursors.seal(list, position), list, others)).toBe(refused);
  });
});
