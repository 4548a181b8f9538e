import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { credits, type Method } from './models.js';
import { amountOf, minorUnits } from './money.js';
import {
  AttributionModels,
  defaultSettings,
  InteractionTypes,
  Weightings,
  type AttributionModel,
  type InteractionType,
} from './vocabulary.js';

const convertedAt = '2026-03-01T10:00:00.000Z';
const day = 86_400_000;

interface Touch {
  readonly age: number;
  readonly type?: InteractionType;
}

const touchpoint = ({ age, type = 'click' }: Touch) => ({
  interaction_type: type,
  occurred_at: new Date(Date.parse(convertedAt) - age * day).toISOString(),
});

const credited = (
  value: string,
  touches: readonly Touch[],
  method: Partial<Method> & Pick<Method, 'model'>,
  settings: Partial<typeof defaultSettings> = {},
) =>
  credits(
    touches.map(touchpoint),
    { value: minorUnits(value), occurredAt: convertedAt },
    { weighting: 'none', ...method },
    { ...defaultSettings, ...settings },
  );

const sharesOf = (earned: ReturnType<typeof credits>): number[] =>
  earned.map(({ share }) => Math.round(share * 1e6) / 1e6);
const amountsOf = (earned: ReturnType<typeof credits>): string[] => earned.map(({ amount }) => amountOf(amount));

const ages = (...days: readonly number[]): Touch[] => days.map((age) => ({ age }));
const touches = (n: number): Touch[] => Array.from({ length: n }, (_, at) => ({ age: n - at }));
const viewClickEngagement: readonly Touch[] = [
  { age: 14, type: 'view' },
  { age: 7, type: 'click' },
  { age: 0, type: 'engagement' },
];

describe('A conversion’s value is shared', () => {
  const thirds = [0.333333, 0.333333, 0.333333];
  const sixths = Array.from({ length: 6 }, () => 0.166667);

  it.each<[string, string, readonly Touch[], AttributionModel, Partial<typeof defaultSettings>, number[], string[]]>([
    ['by 3 in equal parts', '100.00', touches(3), 'linear', {}, thirds, ['33.34', '33.33', '33.33']],
    [
      'by 6 in equal parts',
      '100.00',
      touches(6),
      'linear',
      {},
      sixths,
      ['16.67', '16.67', '16.67', '16.67', '16.66', '16.66'],
    ],
    ['by age', '100.00', ages(14, 7, 0), 'time_decay', {}, [0.142857, 0.285714, 0.571429], ['14.29', '28.57', '57.14']],
    [
      'by another age',
      '120.00',
      ages(10, 3, 1),
      'time_decay',
      {},
      [0.18389, 0.36778, 0.448329],
      ['22.07', '44.13', '53.80'],
    ],
    [
      'by age with a short half-life',
      '120.00',
      ages(10, 3, 1),
      'time_decay',
      { half_life_days: 3 },
      [0.071227, 0.35896, 0.569813],
      ['8.55', '43.07', '68.38'],
    ],
    ['by the position of one', '100.00', touches(1), 'position_based', {}, [1], ['100.00']],
    ['by the position of two', '100.00', touches(2), 'position_based', {}, [0.5, 0.5], ['50.00', '50.00']],
    [
      'by the position of three',
      '100.00',
      touches(3),
      'position_based',
      {},
      [0.4, 0.2, 0.4],
      ['40.00', '20.00', '40.00'],
    ],
    [
      'by the position of four',
      '200.00',
      touches(4),
      'position_based',
      {},
      [0.4, 0.1, 0.1, 0.4],
      ['80.00', '20.00', '20.00', '80.00'],
    ],
    [
      'by the position of five',
      '100.00',
      touches(5),
      'position_based',
      {},
      [0.4, 0.066667, 0.066667, 0.066667, 0.4],
      ['40.00', '6.67', '6.67', '6.66', '40.00'],
    ],
    ['to the first alone', '100.00', touches(3), 'first_touch', {}, [1, 0, 0], ['100.00', '0.00', '0.00']],
    ['to the last alone', '100.00', touches(3), 'last_touch', {}, [0, 0, 1], ['0.00', '0.00', '100.00']],
    ['down to the last cent', '0.01', touches(3), 'linear', {}, thirds, ['0.01', '0.00', '0.00']],
  ])('%s', (_, value, given, model, settings, shares, amounts) => {
    const earned = credited(value, given, { model }, settings);
    expect(sharesOf(earned)).toEqual(shares);
    expect(amountsOf(earned)).toEqual(amounts);
  });

  it.each<[AttributionModel, string, number[], string[]]>([
    ['linear', '150.00', [0.066667, 0.266667, 0.666667], ['10.00', '40.00', '100.00']],
    ['time_decay', '100.00', [0.020408, 0.163265, 0.816327], ['2.04', '16.33', '81.63']],
    ['position_based', '100.00', [0.076923, 0.153846, 0.769231], ['7.69', '15.39', '76.92']],
  ])('by what visitors did, too: %s', (model, value, shares, amounts) => {
    const earned = credited(value, viewClickEngagement, { model, weighting: 'interaction' });
    expect(sharesOf(earned)).toEqual(shares);
    expect(amountsOf(earned)).toEqual(amounts);
  });

  it('to the earlier one where two remainders are equal, however doubles would round them', () => {
    const types: InteractionType[] = ['view', 'click', 'view'];
    const given = types.map((type, at) => ({ age: 3 - at, type }));
    // 2 cents by 1 : 4 : 1 are 2/6, 8/6 and 2/6: all three have a third of a cent left over.
    expect(amountsOf(credited('0.02', given, { model: 'linear', weighting: 'interaction' }))).toEqual([
      '0.01',
      '0.01',
      '0.00',
    ]);
  });

  it('in equal parts where nothing that visitors did counts', () => {
    const weights = { interaction_weights: { click: 0, engagement: 1, view: 0 } };
    const earned = credited('10.00', touches(4), { model: 'first_touch', weighting: 'interaction' }, weights);
    expect(amountsOf(earned)).toEqual(['2.50', '2.50', '2.50', '2.50']);
  });

  it('by age, however old the journey is', () => {
    const earned = credited('3.00', ages(365, 364), { model: 'time_decay' }, { half_life_days: 0.001 });
    expect(amountsOf(earned)).toEqual(['0.00', '3.00']);
  });

  it('by age to what counts, however much younger something is that does not', () => {
    const given: Touch[] = [
      { age: 28, type: 'click' },
      { age: 27.75, type: 'click' },
      { age: 0, type: 'view' },
    ];
    const earned = (halfLife: number) =>
      credited(
        '3.00',
        given,
        { model: 'time_decay', weighting: 'interaction' },
        { half_life_days: halfLife, interaction_weights: { click: 1, engagement: 1, view: 0 } },
      );
    expect(amountsOf(earned(0.25))).toEqual(['1.00', '2.00', '0.00']);
    expect(amountsOf(earned(0.0001))).toEqual(['0.00', '3.00', '0.00']);
  });

  it('among nobody where there is no touchpoint', () => {
    for (const model of AttributionModels) expect(credited('10.00', [], { model })).toEqual([]);
  });
});

const anyTouches = (least: number): fc.Arbitrary<Touch[]> =>
  fc
    .array(
      fc.record({ age: fc.double({ min: 0, max: 30, noNaN: true }), type: fc.constantFrom(...InteractionTypes) }),
      {
        minLength: least,
        maxLength: 40,
      },
    )
    .map((some) => some.toSorted((a, b) => b.age - a.age));
const anyValue = fc.integer({ min: 0, max: 999_999_999 });
const anyMethod = fc.record({
  model: fc.constantFrom(...AttributionModels),
  weighting: fc.constantFrom(...Weightings),
});
const weight = fc.integer({ min: 0, max: 50 }).map((hundredths) => hundredths / 100);
const anySettings = fc.record({
  lookback_days: fc.constant(30),
  half_life_days: fc.double({ min: 0.001, max: 365, noNaN: true }),
  first_weight: weight,
  last_weight: weight,
  interaction_weights: fc.record({ click: weight, engagement: weight, view: weight }),
});

describe('Credits', () => {
  it('always add up to the value, and none is negative', () => {
    fc.assert(
      fc.property(anyTouches(1), anyValue, anyMethod, anySettings, (given, value, method, settings) => {
        const earned = credits(given.map(touchpoint), { value, occurredAt: convertedAt }, method, settings);
        expect(earned.reduce((sum, { amount }) => sum + amount, 0)).toBe(value);
        expect(earned.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(earned.every(({ amount, share }) => amount >= 0 && share >= 0)).toBe(true);
      }),
    );
  });

  it('are less than a minor unit away from the share', () => {
    fc.assert(
      fc.property(anyTouches(1), anyValue, anyMethod, anySettings, (given, value, method, settings) => {
        const earned = credits(given.map(touchpoint), { value, occurredAt: convertedAt }, method, settings);
        for (const { amount, share } of earned) expect(Math.abs(amount - value * share)).toBeLessThan(1 + 1e-5);
      }),
    );
  });

  it('of one touchpoint are all of the value, by every model', () => {
    fc.assert(
      fc.property(anyTouches(1), anyValue, anyMethod, anySettings, (given, value, method, settings) => {
        const [first] = given as [Touch];
        expect(credits([touchpoint(first)], { value, occurredAt: convertedAt }, method, settings)).toEqual([
          { share: 1, amount: value },
        ]);
      }),
    );
  });

  it('of equal touchpoints differ by at most one minor unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), anyValue, (n, value) => {
        const earned = credits(
          touches(n).map(touchpoint),
          { value, occurredAt: convertedAt },
          { model: 'linear', weighting: 'interaction' },
          defaultSettings,
        ).map(({ amount }) => amount);
        expect(Math.max(...earned) - Math.min(...earned)).toBeLessThanOrEqual(1);
        expect(earned).toEqual(earned.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('An amount of money', () => {
  it.each([
    ['0', 0, '0.00'],
    ['7', 700, '7.00'],
    ['0.5', 50, '0.50'],
    ['119.90', 11_990, '119.90'],
    ['9999999.99', 999_999_999, '9999999.99'],
  ])('%s is %d minor units', (text, units, written) => {
    expect(minorUnits(text)).toBe(units);
    expect(amountOf(units)).toBe(written);
  });
});
