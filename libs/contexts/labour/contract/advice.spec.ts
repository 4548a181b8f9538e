import { describe, expect, it } from '@jest/globals';

import { advicePolicy, type AdvisedLabour } from './index.js';

const second = 1_000;
const beginning = Date.parse('2026-03-01T10:00:00.000Z');
const time = (seconds: number): string => new Date(beginning + seconds * second).toISOString();

/** As many contractions, each starting so many seconds after the one before it. */
const contractions = (count: number, { apart = 180, lasting = 60 } = {}): AdvisedLabour['contractions'] =>
  Array.from({ length: count }, (_, n) => ({ startTime: time(n * apart), endTime: time(n * apart + lasting) }));

const hoursLater = new Date(beginning + 5 * 3_600 * second);

const labour = (firstLabour: boolean, had: AdvisedLabour['contractions'], more: Partial<AdvisedLabour> = {}) => ({
  firstLabour,
  phase: 'early' as const,
  contractions: had,
  ...more,
});

const advice = (firstLabour: boolean, had: AdvisedLabour['contractions'], more: Partial<AdvisedLabour> = {}) =>
  advicePolicy.for(labour(firstLabour, had, more), hoursLater);

describe.each([
  { kind: 'a first labour', first: true, apart: 180, go: 20, prepare: 5 },
  { kind: 'a later labour', first: false, apart: 300, go: 6, prepare: 3 },
])('In $kind', ({ first, apart, go, prepare }) => {
  it(`the advice to go to hospital comes with contraction ${go}, and not before`, () => {
    const turns = Array.from({ length: go + 2 }, (_, n) => advice(first, contractions(n, { apart })).go_to_hospital);
    expect(turns.indexOf(true)).toBe(go);
    expect(turns.slice(go)).toEqual([true, true]);
  });

  it(`the advice to prepare for it comes with contraction ${prepare}, and not before`, () => {
    const turns = Array.from(
      { length: prepare + 2 },
      (_, n) => advice(first, contractions(n, { apart })).prepare_for_hospital,
    );
    expect(turns.indexOf(true)).toBe(prepare);
  });

  it(`starts may be ${apart} seconds apart, and a millisecond more is too far`, () => {
    const regular = contractions(go, { apart });
    expect(advice(first, regular)).toMatchObject({ go_to_hospital: true, prepare_for_hospital: true });
    const late = (at: number) =>
      regular.map((one, n) =>
        n < at ? one : { startTime: shifted(one.startTime, 1), endTime: shifted(one.endTime as string, 1) },
      );
    expect(advice(first, late(1))).toMatchObject({ go_to_hospital: false, prepare_for_hospital: true });
    expect(advice(first, late(go - 1))).toMatchObject({ go_to_hospital: false, prepare_for_hospital: false });
  });

  it('each lasts 60 seconds at least, and a millisecond less is too short', () => {
    const regular = contractions(go, { apart });
    const short = (at: number) =>
      regular.map((one, n) => (n === at ? { ...one, endTime: shifted(one.endTime as string, -1) } : one));
    expect(advice(first, short(0))).toMatchObject({ go_to_hospital: false, prepare_for_hospital: true });
    expect(advice(first, short(go - 1))).toMatchObject({ go_to_hospital: false, prepare_for_hospital: false });
  });

  it('only the latest count, so that an irregular beginning is outlived', () => {
    const [oddOne] = contractions(1, { lasting: 5 });
    const later = contractions(go + 1, { apart }).slice(1);
    expect(advice(first, [oddOne as (typeof later)[number], ...later]).go_to_hospital).toBe(true);
  });

  it('the order of entry does not matter', () => {
    expect(advice(first, contractions(go, { apart }).toReversed()).go_to_hospital).toBe(true);
  });

  it('a running contraction changes nothing', () => {
    const running = { startTime: time(go * apart), endTime: null };
    expect(advice(first, [...contractions(go, { apart }), running]).go_to_hospital).toBe(true);
    expect(advice(first, [...contractions(go - 1, { apart }), running]).go_to_hospital).toBe(false);
  });

  it.each(['planned', 'complete'] as const)('nothing is recommended while it is %s', (phase) => {
    const had = contractions(go, { apart, lasting: 121 });
    expect(advice(first, had, { phase })).toEqual({
      call_midwife: false,
      prepare_for_hospital: false,
      go_to_hospital: false,
    });
  });

  it('the midwife is called for a contraction of more than 120 seconds, whenever it was', () => {
    const long = (lasting: number) => [...contractions(1, { lasting }), ...contractions(3, { apart: 900 }).slice(1)];
    expect(advice(first, long(120)).call_midwife).toBe(false);
    expect(advice(first, long(120.001)).call_midwife).toBe(true);
  });

  it('the midwife is called for the sixth that started within the last 10 minutes', () => {
    const called = (count: number, secondsAfter: number): boolean =>
      advicePolicy.for(
        labour(first, contractions(count, { apart: 100, lasting: 30 })),
        new Date(beginning + secondsAfter * second),
      ).call_midwife;
    expect(called(5, 530)).toBe(false);
    expect(called(6, 530)).toBe(true);
    expect(called(6, 600)).toBe(true);
    expect(called(6, 600.001)).toBe(false);
  });
});

const shifted = (text: string, milliseconds: number): string => new Date(Date.parse(text) + milliseconds).toISOString();
