import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { compareCursors, type LogCursor } from './cursor.js';
import { latestPosition, positionIn, positionOf } from './positions.js';

const era = fc.integer({ min: 0, max: 1_000 });
const xid = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);
const position = fc.bigInt({ min: 1n, max: 2n ** 62n }).map(String);

describe('The position of a command', () => {
  it('lies behind all that its transaction wrote, and before what a later one does', () => {
    fc.assert(
      fc.property(era, xid, position, (inEra, by, at) => {
        const found = positionIn(positionOf(inEra, by)) as LogCursor;
        expect(compareCursors({ era: inEra, xid: by, position: at }, found)).toBeLessThan(0);
        expect(compareCursors({ era: inEra, xid: String(BigInt(by) + 1n), position: '1' }, found)).toBeGreaterThan(0);
      }),
    );
  });

  it('of several commands is that of the last, in whatever order they are told', () => {
    expect(latestPosition([])).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.tuple(era, xid), { minLength: 1 }), (places) => {
        const tokens = places.map(([inEra, by]) => positionOf(inEra, by));
        const last = positionIn(latestPosition(tokens) as string) as LogCursor;
        for (const token of tokens) expect(compareCursors(positionIn(token) as LogCursor, last)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it.each(['', 'soon', '1.2.3', 'MS4yLjM=', `${positionOf(1, '2')} `, 'x'.repeat(200)])(
    'is not read out of "%s"',
    (text) => {
      expect(positionIn(text)).toBeUndefined();
    },
  );
});
