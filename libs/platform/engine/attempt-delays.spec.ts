import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { AttemptDelays } from './attempt-delays.js';

describe('The pauses between attempts', () => {
  it('come one after the other, and end', () => {
    const delays = AttemptDelays.of('5,30,0.5', () => 0.5);
    expect([0, 1, 2, 3].map((delayed) => delays.next(delayed))).toEqual([5, 30, 0.5, undefined]);
  });

  it('are none when there are to be none', () => {
    expect(AttemptDelays.of('none').next(0)).toBeUndefined();
  });

  it('differ by at most a fifth from what is set', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const pause = AttemptDelays.of('100', () => random).next(0);
        expect(pause).toBeGreaterThanOrEqual(80);
        expect(pause).toBeLessThanOrEqual(120);
      }),
    );
    expect(AttemptDelays.of('100', () => 0.9).next(0)).not.toBe(AttemptDelays.of('100', () => 0.1).next(0));
  });
});
