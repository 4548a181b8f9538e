import { describe, expect, it } from '@jest/globals';

import type { LabourPhase, LabourRecord } from '../contract/index.js';
import { nextPhase } from './phase-progression.js';

const beginning = Date.parse('2026-03-01T10:00:00.000Z');

type Told = readonly [intensity: number | null, seconds: number | null];

const contractions = (told: readonly Told[]): LabourRecord['contractions'] =>
  told.map(([intensity, seconds], n) => {
    const start = beginning + n * 300_000;
    const endTime = seconds === null ? null : new Date(start + seconds * 1_000).toISOString();
    return { id: String(n), startTime: new Date(start).toISOString(), endTime, intensity, notes: null };
  });

const next = (phase: LabourPhase, ...told: readonly Told[]) => nextPhase({ phase, contractions: contractions(told) });

describe('A labour becomes active', () => {
  it('when the latest three have a mean intensity of 6 and a mean length of a minute', () => {
    expect(next('early', [5, 50], [6, 60], [7, 70])).toBe('active');
    expect(next('early', [5, 50], [6, 60], [6, 70])).toBeUndefined();
    expect(next('early', [5, 50], [6, 60], [7, 69.999])).toBeUndefined();
  });

  it('not with fewer than three', () => {
    expect(next('early', [10, 120], [10, 120])).toBeUndefined();
    expect(next('early')).toBeUndefined();
  });

  it('by those only that have ended and have an intensity', () => {
    expect(next('early', [6, 60], [6, 60], [6, null])).toBeUndefined();
    expect(next('early', [6, 60], [null, 60], [6, 60])).toBeUndefined();
    expect(next('early', [6, 60], [6, 60], [null, 5], [6, 60], [1, null])).toBe('active');
  });

  it('by the latest, whatever was before and in whatever order they were told', () => {
    expect(next('early', [1, 20], [6, 60], [6, 60], [6, 60])).toBe('active');
    expect(next('early', [9, 90], [6, 60], [6, 60], [1, 20])).toBeUndefined();
    const told = contractions([
      [1, 20],
      [6, 60],
      [6, 60],
      [6, 60],
    ]);
    expect(nextPhase({ phase: 'early', contractions: told.toReversed() })).toBe('active');
  });
});

describe('A labour comes to transition', () => {
  it('when the latest three have a mean intensity of 8 and a mean length of 1.5 minutes', () => {
    expect(next('active', [7, 80], [8, 90], [9, 100])).toBe('transition');
    expect(next('active', [7, 80], [8, 90], [8, 100])).toBeUndefined();
    expect(next('active', [7, 80], [8, 90], [9, 99.999])).toBeUndefined();
  });

  it('even from the early phase', () => {
    expect(next('early', [8, 90], [8, 90], [8, 90])).toBe('transition');
  });
});

describe('A labour never goes back', () => {
  it.each(['active', 'transition', 'pushing', 'complete'] as const)('from %s to active', (phase) => {
    expect(next(phase, [6, 60], [6, 60], [6, 60])).toBeUndefined();
  });

  it.each(['transition', 'pushing', 'complete'] as const)('from %s to transition', (phase) => {
    expect(next(phase, [8, 90], [8, 90], [8, 90])).toBeUndefined();
  });
});
