import { describe, expect, it } from '@jest/globals';

import { OccurredAtInFuture, OccurredAtTooOld } from './errors.js';
import { assertRecent } from './interaction-time.js';

const told = new Date('2026-03-01T10:00:00.000Z');
const minutes = (count: number): number => count * 60_000;
const days = (count: number): number => count * minutes(24 * 60);

const judge = (age: number) => () => assertRecent(new Date(told.getTime() - age), told);

describe('When an interaction was', () => {
  it('is at most five minutes after it is told', () => {
    expect(judge(-minutes(5))).not.toThrow();
    expect(judge(-minutes(5) - 1)).toThrow(OccurredAtInFuture);
  });

  it('is at most 90 days before', () => {
    expect(judge(days(90))).not.toThrow();
    expect(judge(days(90) + 1)).toThrow(OccurredAtTooOld);
  });
});
