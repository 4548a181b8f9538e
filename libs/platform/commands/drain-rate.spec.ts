import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { DrainRate } from './drain-rate.js';

function rateOf(...samples: readonly (readonly [done: number | undefined, seconds: number])[]): number {
  const rate = new DrainRate();
  for (const [done, seconds] of samples) rate.saw(done, seconds * 1_000);
  return rate.perSecond;
}

describe('The rate of a partition', () => {
  it('is what was done between the first and the last look', () => {
    expect(rateOf([10, 0], [30, 2], [110, 10])).toBe(10);
  });

  it('is 0 after one look, and while nothing is done', () => {
    expect(rateOf([10, 0])).toBe(0);
    expect(rateOf([10, 0], [10, 2])).toBe(0);
    expect(rateOf()).toBe(0);
  });

  it('forgets what was long ago', () => {
    expect(rateOf([0, 0], [1_000, 2], [1_000, 10], [1_000, 15])).toBe(0);
  });

  it('begins anew with another worker, and when nobody says anything', () => {
    expect(rateOf([1_000, 0], [10, 2], [30, 4])).toBe(10);
    expect(rateOf([0, 0], [undefined, 2], [500, 4])).toBe(0);
  });

  it('is never negative', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1_000), { nil: undefined })), (counts) => {
        expect(rateOf(...counts.map((done, second) => [done, second] as const))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
