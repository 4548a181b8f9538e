import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { derivedId } from '#kernel';

import {
  AttributionModels,
  ConversionAttributed,
  ConversionRecorded,
  ConversionUnattributed,
  credits,
  defaultSettings,
  InteractionTypes,
  minorUnits,
  TouchpointRegistered,
  visitorKeyOf,
  Weightings,
  type Touchpoint,
} from '../contract/index.js';
import { RecordedAttribution } from '../doubles/recorded-attribution.js';
import { ReportQueries } from './report.queries.js';
import { SettingsQueries } from './settings.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const currency = 'USD';
let recorded: RecordedAttribution;
let reports: ReportQueries;
let conversions: { value: string; occurredAt: string; touchpoints: Touchpoint[] }[];

const day = (n: number): string => new Date(Date.UTC(2026, 1, n, 10)).toISOString();

/** Thirty conversions of the same journeys in every run. */
const some = fc.sample(
  fc.record({
    value: fc.integer({ min: 0, max: 50_000 }),
    day: fc.integer({ min: 10, max: 28 }),
    touches: fc.array(
      fc.record({
        partner: fc.constantFrom('north', 'east', 'south'),
        type: fc.constantFrom(...InteractionTypes),
        age: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 6 },
    ),
  }),
  { numRuns: 30, seed: 7 },
);

beforeAll(async () => {
  recorded = await RecordedAttribution.create();
  reports = new ReportQueries(recorded.reading, new SettingsQueries(recorded.reading));
  conversions = some.map(({ value, day: converted, touches }, n) => ({
    value: `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`,
    occurredAt: day(converted),
    touchpoints: touches
      .toSorted((a, b) => b.age - a.age)
      .map(({ partner, type, age }, place) => ({
        touchpoint_id: derivedId('touchpoint', n, place),
        partner_id: partner,
        campaign_id: `${partner} ${n % 2}`,
        interaction_type: type,
        occurred_at: day(converted - age),
      })),
  }));
  for (const [n, { value, occurredAt, touchpoints }] of conversions.entries()) {
    const visitorId = `visitor ${n % 5}`;
    const visitor = { visitorKey: visitorKeyOf(`${visitorId} ${n}`), visitorId };
    const registered = touchpoints.map(
      (each) =>
        new TouchpointRegistered({
          ...visitor,
          touchpointId: each.touchpoint_id,
          partnerId: each.partner_id,
          campaignId: each.campaign_id,
          interactionType: each.interaction_type,
          occurredAt: each.occurred_at,
          recordedAt: each.occurred_at,
        }),
    );
    const conversion = {
      ...visitor,
      conversionId: derivedId('conversion', n),
      value,
      currency: n === 0 ? 'EUR' : currency,
      occurredAt,
    };
    const calculation = { ...conversion, calculationVersion: 1, settings: defaultSettings };
    const converted =
      touchpoints.length > 0
        ? new ConversionAttributed({ ...calculation, touchpoints })
        : new ConversionUnattributed(calculation);
    const recordedNow = new ConversionRecorded({ ...conversion, conversionType: 'purchase' });
    await recorded.happened(at, ...registered, recordedNow, converted);
  }
  await recorded.followed();
});
afterAll(() => recorded.remove());

const inDollars = () => conversions.slice(1);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const units = (amounts: readonly string[]): number => sum(amounts.map(minorUnits));

describe('A report', () => {
  it.each(AttributionModels.flatMap((model) => Weightings.map((weighting) => [model, weighting] as const)))(
    'by %s and %s adds up what touchpoints earn, to the cent',
    async (model, weighting) => {
      const expected = new Map<string, number>();
      for (const { value, occurredAt, touchpoints } of inDollars())
        credits(touchpoints, { value: minorUnits(value), occurredAt }, { model, weighting }, defaultSettings).forEach(
          ({ amount }, place) => {
            const { partner_id: partner } = touchpoints[place] as Touchpoint;
            expected.set(partner, (expected.get(partner) ?? 0) + amount);
          },
        );
      const { items, totals } = await reports.report({ model, weighting });
      expect(Object.fromEntries(items.map(({ key, attributed_value: value }) => [key, minorUnits(value)]))).toEqual(
        Object.fromEntries(expected),
      );
      const attributed = inDollars().filter(({ touchpoints }) => touchpoints.length > 0);
      expect(totals).toMatchObject({
        conversions: attributed.length,
        touchpoints: sum(attributed.map(({ touchpoints }) => touchpoints.length)),
        unattributed_conversions: inDollars().length - attributed.length,
      });
      expect(minorUnits(totals.attributed_value)).toBe(units(attributed.map(({ value }) => value)));
      expect(units(items.map(({ attributed_value: value }) => value))).toBe(minorUnits(totals.attributed_value));
      expect(sum(items.map((item) => item.conversions))).toBeCloseTo(attributed.length, 4);
    },
  );

  it('is of one currency, and says which others there are', async () => {
    const euros = await reports.report({ currency: 'EUR' });
    expect(euros.currencies).toEqual(['EUR', 'USD']);
    expect(minorUnits(euros.totals.attributed_value) + minorUnits(euros.totals.unattributed_value)).toBe(
      minorUnits(conversions[0]?.value ?? ''),
    );
    expect(await reports.report({ currency: 'CHF' })).toMatchObject({
      items: [],
      totals: { conversions: 0, attributed_value: '0.00', touchpoints: 0, unattributed_value: '0.00' },
    });
  });

  it('is of a time: its beginning is included, its end is not', async () => {
    const [from, to] = [day(12), day(20)];
    const within = inDollars().filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
    const { totals } = await reports.report({ from, to });
    expect(totals.conversions + totals.unattributed_conversions).toBe(within.length);
    expect(within.length).toBeGreaterThan(0);
  });

  it('begins with those who earned most, as many as are asked for', async () => {
    const all = await reports.report({ groupBy: 'campaign' });
    const values = all.items.map(({ attributed_value: value }) => minorUnits(value));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    const two = await reports.report({ groupBy: 'campaign', limit: 2 });
    expect(two).toEqual({ ...all, items: all.items.slice(0, 2) });
  });
});

describe('The performance', () => {
  it('counts what visitors did, and who they were', async () => {
    const all = conversions.flatMap(({ touchpoints }, n) => touchpoints.map((each) => ({ ...each, visitor: n % 5 })));
    const { items, totals } = await reports.performance({});
    const counted = (of: typeof all) => {
      const [clicks, engagements, views] = (['click', 'engagement', 'view'] as const).map(
        (type) => of.filter((each) => each.interaction_type === type).length,
      ) as [number, number, number];
      return {
        clicks,
        views,
        engagements,
        unique_visitors: new Set(of.map(({ visitor }) => visitor)).size,
        weighted_score: clicks + 2.5 * engagements + 0.25 * views,
        click_through_rate: Math.round((1e6 * clicks) / views) / 1e6,
      };
    };
    for (const { key, ...figures } of items)
      expect(figures).toEqual(counted(all.filter(({ partner_id: partner }) => partner === key)));
    expect(items).toHaveLength(3);
    expect(totals).toEqual(counted(all));
  });

  it('of nothing is nothing', async () => {
    expect(await reports.performance({ to: '2020-01-01T00:00:00Z' })).toMatchObject({
      items: [],
      totals: { clicks: 0, unique_visitors: 0, weighted_score: 0, click_through_rate: 0 },
    });
  });
});
