import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { percentile, ratios, summary } from './statistics.js';

const figures = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 });

describe('A summary of rounds', () => {
  it('tells the middle and the ends, in whatever order the rounds came', () => {
    expect(summary([30, 10, 20])).toEqual({ median: 20, least: 10, most: 30 });
  });

  it('takes the middle between the two in the middle', () => {
    expect(summary([10, 40, 20, 30]).median).toBe(25);
  });

  it('has its median between its ends', () => {
    fc.assert(
      fc.property(figures, (values) => {
        const { median, least, most } = summary(values);
        expect(least).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(most);
        expect([least, most]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
    );
  });

  it('cannot be made of nothing', () => {
    expect(() => summary([])).toThrow('no values');
  });
});

describe('A percentile', () => {
  it('lies in proportion between the values around it', () => {
    expect(percentile([0, 100], 99)).toBe(99);
  });

  it('grows with the percent that is asked for', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(figures, percent, percent, (values, a, b) => {
        expect(percentile(values, Math.min(a, b))).toBeLessThanOrEqual(percentile(values, Math.max(a, b)));
      }),
    );
  });
});

describe('Ratios', () => {
  it('compare each round with the round beside it', () => {
    expect(ratios([20, 30], [10, 10])).toEqual([2, 3]);
  });
});
