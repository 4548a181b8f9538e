import { describe, expect, it } from '@jest/globals';

import { byConversion, byTime, eligible, isExpired, leadingTo, mostSharing } from './journeys.js';

const touchpoint = (id: string, occurredAt: string, recordedAt = occurredAt) => ({
  touchpoint_id: id,
  occurred_at: occurredAt,
  recorded_at: recordedAt,
});
const ids = (some: readonly { readonly touchpoint_id: string }[]): string[] => some.map((each) => each.touchpoint_id);
const at = (time: string) => ({ occurredAt: time });

const march = [
  touchpoint('a', '2026-03-01T10:00:00.000Z'),
  touchpoint('b', '2026-03-02T10:00:00.000Z'),
  touchpoint('c', '2026-03-03T10:00:00.000Z'),
];

describe('A journey', () => {
  it('has its touchpoints by time, then by when they were recorded, then by id', () => {
    const mixed = [
      touchpoint('d', '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:02.000Z'),
      touchpoint('c', '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:01.000Z'),
      touchpoint('b', '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:01.000Z'),
      touchpoint('a', '2026-03-02T10:00:00.000Z'),
    ];
    expect(ids(mixed.toSorted(byTime))).toEqual(['b', 'c', 'd', 'a']);
  });

  it('ends with its conversion, that moment included', () => {
    expect(ids(leadingTo(march, at('2026-03-02T10:00:00.000Z'), undefined))).toEqual(['a', 'b']);
  });

  it('begins behind the conversion before, that moment excluded', () => {
    expect(ids(leadingTo(march, at('2026-03-05T00:00:00.000Z'), at('2026-03-01T10:00:00.000Z')))).toEqual(['b', 'c']);
  });

  it('is empty between two conversions of one moment, of which the first has the lower id', () => {
    const moment = '2026-03-03T10:00:00.000Z';
    expect(leadingTo(march, at(moment), at(moment))).toEqual([]);
    const two = [
      { conversionId: '2', occurredAt: moment },
      { conversionId: '1', occurredAt: moment },
    ];
    expect(two.toSorted(byConversion).map(({ conversionId }) => conversionId)).toEqual(['1', '2']);
  });

  it('gives credit to what is exactly as old as it may be, and to nothing older', () => {
    expect(ids(eligible(march, at('2026-03-31T10:00:00.000Z'), 30))).toEqual(['a', 'b', 'c']);
    expect(ids(eligible(march, at('2026-03-31T10:00:00.001Z'), 30))).toEqual(['b', 'c']);
  });

  it('gives credit to the youngest of more than anybody does, and is as long as it was', () => {
    const minutes = Array.from({ length: mostSharing + 2 }, (_, n) =>
      touchpoint(String(n), new Date(Date.UTC(2026, 2, 1, 10, n)).toISOString()),
    );
    const end = at('2026-03-02T10:00:00.000Z');
    expect(leadingTo(minutes, end, undefined)).toHaveLength(mostSharing + 2);
    expect(ids(eligible(minutes, end, 30))).toEqual(ids(minutes.slice(2)));
    expect(ids(eligible(minutes, at('2026-03-31T10:05:00.000Z'), 30))).toEqual(ids(minutes.slice(5)));
  });

  it('has expired once the last touchpoint is too old', () => {
    expect(isExpired(march, new Date('2026-04-02T10:00:00.000Z'), 30)).toBe(false);
    expect(isExpired(march, new Date('2026-04-02T10:00:00.001Z'), 30)).toBe(true);
    expect(isExpired([], new Date('2026-04-02T10:00:00.001Z'), 30)).toBe(false);
  });
});
