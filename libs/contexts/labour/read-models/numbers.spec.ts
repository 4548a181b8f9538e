import { describe, expect, it } from '@jest/globals';

import type { ContractionRecord } from '../contract/index.js';
import { patternOf, statisticsOf } from './numbers.js';

const contraction = (start: string, seconds: number | null, intensity: number | null): ContractionRecord => {
  const startTime = `2026-03-01T${start}.000Z`;
  const endTime = seconds === null ? null : new Date(Date.parse(startTime) + seconds * 1_000).toISOString();
  return { id: start, startTime, endTime, intensity, notes: null };
};

const worked = [
  contraction('10:00:00', 50, 4),
  contraction('10:05:30', 60, 5),
  contraction('10:10:00', 70, 6),
  contraction('10:14:00', 75, 7),
];
const first = (count: number) => worked.slice(0, count);
const at = (time: string) => new Date(`2026-03-01T${time}Z`);
const pattern = (contractions: readonly ContractionRecord[]) => patternOf({ contractions, phase: 'early' });

describe('The pattern of a labour', () => {
  it('is that of the three latest contractions, to one decimal', () => {
    expect(pattern(first(3))).toEqual({
      average_duration_minutes: 1,
      average_intensity: 5,
      average_interval_minutes: 4.1,
      phase: 'early',
    });
    expect(pattern(worked)).toEqual({
      average_duration_minutes: 1.1,
      average_intensity: 6,
      average_interval_minutes: 3.2,
      phase: 'early',
    });
  });

  it('is absent with fewer than three', () => {
    expect(pattern(first(2))).toBeNull();
    expect(pattern([])).toBeNull();
  });

  it('neither has the running contraction nor minds the order of entry', () => {
    expect(pattern([...worked, contraction('10:18:00', null, 10)])).toEqual(pattern(worked));
    expect(pattern(worked.toReversed())).toEqual(pattern(worked));
  });

  it('rounds a half up', () => {
    const lasting = (seconds: number) =>
      pattern([
        contraction('10:00:00', seconds, 4),
        contraction('10:05:00', seconds, 4),
        contraction('10:10:00', seconds, 5),
      ]);
    expect(lasting(63)?.average_duration_minutes).toBe(1.1);
    expect(lasting(62.999)?.average_duration_minutes).toBe(1);
    expect(lasting(69)?.average_duration_minutes).toBe(1.2);
    expect(lasting(60)?.average_intensity).toBe(4.3);
  });

  it('has the intensity of those that have one', () => {
    const [one, two, three] = worked as [ContractionRecord, ContractionRecord, ContractionRecord];
    expect(pattern([{ ...one, intensity: null }, two, three])?.average_intensity).toBe(5.5);
    expect(pattern([one, two, three].map((none) => ({ ...none, intensity: null })))?.average_intensity).toBeNull();
  });
});

describe('The statistics of a labour', () => {
  const total = {
    contraction_count: 4,
    average_duration: 63.75,
    average_intensity: 5.5,
    average_frequency: 280,
  };

  it('are of all contractions, and of those that started lately', () => {
    expect(statisticsOf(worked, at('10:16:00'))).toEqual({ last_30_mins: total, last_60_mins: total, total });
  });

  it('count in a window what starts at its very beginning', () => {
    expect(statisticsOf(worked, at('10:30:00')).last_30_mins).toEqual(total);
    expect(statisticsOf(worked, at('10:30:00.001')).last_30_mins?.contraction_count).toBe(3);
    expect(statisticsOf(worked, at('11:00:00')).last_60_mins).toEqual(total);
    expect(statisticsOf(worked, at('11:00:00.001')).last_60_mins?.contraction_count).toBe(3);
  });

  it('have no frequency with one contraction, and no window without', () => {
    expect(statisticsOf(worked, at('10:44:00'))).toMatchObject({
      last_30_mins: { contraction_count: 1, average_duration: 75, average_intensity: 7, average_frequency: 0 },
      last_60_mins: total,
    });
    expect(statisticsOf(worked, at('12:00:00'))).toEqual({ last_30_mins: null, last_60_mins: null, total });
  });

  it('are absent with fewer than three that have ended', () => {
    const none = { last_30_mins: null, last_60_mins: null, total: null };
    expect(statisticsOf([...first(2), contraction('10:10:00', null, 5)], at('10:12:00'))).toEqual(none);
  });
});
