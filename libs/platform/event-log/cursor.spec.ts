import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { beginning, compareCursors, cursorOf, cursorText, type LogCursor } from './cursor.js';

const cursors: fc.Arbitrary<LogCursor> = fc.record({
  era: fc.integer({ min: 0, max: 3 }),
  xid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
});
const numbers = ({ era, xid, position }: LogCursor): readonly bigint[] => [BigInt(era), BigInt(xid), BigInt(position)];

describe('A place in the log', () => {
  it('is the same after it was written down, whatever Postgres may number', () => {
    fc.assert(fc.property(cursors, (cursor) => expect(cursorOf(cursorText(cursor))).toEqual(cursor)));
  });

  it('comes before another by era, then transaction, then position, as numbers', () => {
    fc.assert(
      fc.property(cursors, cursors, (a, b) => {
        const pairs = numbers(a).map((left, index) => [left, numbers(b)[index] as bigint] as const);
        const [left, right] = pairs.find(([one, other]) => one !== other) ?? [0n, 0n];
        expect(Math.sign(compareCursors(a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
    expect(compareCursors({ era: 1, xid: '9', position: '1' }, { era: 1, xid: '10', position: '1' })).toBeLessThan(0);
  });

  it('lies behind the beginning', () => {
    fc.assert(fc.property(cursors, (cursor) => expect(compareCursors(beginning, cursor)).toBeLessThanOrEqual(0)));
  });

  it.each(['', '1.2', '1.2.3.4', '1.-2.3', '1.2.x', ' 1.2.3', '1.123456789012345678901.1', '1.2.3\n'])(
    'is not written as "%s"',
    (text) => expect(cursorOf(text)).toBeUndefined(),
  );
});
