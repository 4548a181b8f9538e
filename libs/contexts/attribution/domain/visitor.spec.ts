import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  byConversion,
  byTime,
  ConversionAlreadyExists,
  ConversionAttributed,
  ConversionUnattributed,
  defaultSettings,
  eligible,
  leadingTo,
  mostSharing,
  RecordConversion,
  RegisterTouchpoint,
  RemoveTouchpoint,
  ReverseConversion,
  visitorKeyOf,
} from '../contract/index.js';
import { ConversionAlreadyReversed, ConversionNotFound, OccurredAtInFuture, OccurredAtTooOld } from './errors.js';
import type { SortedList } from './sorted-list.js';
import { Visitor } from './visitor.js';

const visitorId = 'v-81f3';
const visitorKey = visitorKeyOf(visitorId);
const now = new Date('2026-03-31T10:00:00.000Z');
const id = (n: number): string => `0196a1de-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** The n-th of March, at ten. */
const march = (n: number): string => new Date(Date.UTC(2026, 2, n, 10)).toISOString();

const nobody = (): Visitor =>
  new Visitor(visitorKey).restore({ state: null, version: 0 }, { at: now, actor: 'system' });

const touch = (n: number, occurredAt: string): RegisterTouchpoint =>
  new RegisterTouchpoint({
    visitorKey,
    visitorId,
    touchpointId: id(n),
    partnerId: `partner ${n}`,
    campaignId: 'spring',
    interactionType: 'click',
    occurredAt,
    recordedAt: occurredAt,
  });
const removal = (n: number): RemoveTouchpoint => new RemoveTouchpoint({ visitorKey, visitorId, touchpointId: id(n) });
const conversion = (n: number, occurredAt?: string, more: Partial<RecordConversion> = {}): RecordConversion =>
  new RecordConversion({
    visitorKey,
    visitorId,
    conversionId: id(n),
    conversionType: 'purchase',
    value: '100.00',
    occurredAt,
    ...more,
  });
const reversal = (n: number): ReverseConversion =>
  new ReverseConversion({ visitorKey, conversionId: id(n), reason: 'sent back' });

/** By conversion, the touchpoints that its latest calculation shares the value among, and which calculation that is. */
function calculated(visitor: Visitor): Record<string, [version: number, ...touchpoints: string[]]> {
  const found: Record<string, [number, ...string[]]> = {};
  for (const event of visitor.recorded)
    if (event instanceof ConversionAttributed)
      found[event.conversionId] = [event.calculationVersion, ...event.touchpoints.map((each) => each.touchpoint_id)];
    else if (event instanceof ConversionUnattributed) found[event.conversionId] = [event.calculationVersion];
  return found;
}

describe('A visitor', () => {
  it('has a conversion that the touchpoints before it led to', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(1)));
    visitor.register(touch(2, march(5)));
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    expect(calculated(visitor)).toEqual({ [id(9)]: [1, id(1), id(2)] });
  });

  it('has a conversion that nothing led to', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(11)));
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    expect(calculated(visitor)).toEqual({ [id(9)]: [1] });
  });

  it('has a conversion calculated anew when a touchpoint before it comes late', () => {
    const visitor = nobody();
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    visitor.register(touch(1, march(1)));
    visitor.register(touch(2, march(12)));
    expect(calculated(visitor)).toEqual({ [id(9)]: [2, id(1)] });
  });

  it('has no calculation that names more touchpoints than may share, however many come late', () => {
    const minute = (n: number): string => new Date(Date.UTC(2026, 2, 1, 10, n)).toISOString();
    const visitor = nobody();
    visitor.convert(conversion(999, march(10)), now, defaultSettings);
    for (let n = 0; n < mostSharing + 1; n++) visitor.register(touch(n, minute(n)));
    const [, ...sharing] = calculated(visitor)[id(999)] ?? [];
    expect(sharing).toEqual(Array.from({ length: mostSharing }, (_, n) => id(n + 1)));
    const before = visitor.recorded.length;
    visitor.register(touch(500, march(1)));
    expect(visitor.recorded.slice(before)).toHaveLength(1);
    visitor.remove(removal(mostSharing));
    expect(calculated(visitor)[id(999)]?.slice(1)).toEqual([id(500), ...sharing.slice(0, -1)]);
  });

  it('has a journey cut in two by a conversion that comes late', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(1)));
    visitor.register(touch(2, march(5)));
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    visitor.convert(conversion(8, march(3)), now, defaultSettings);
    expect(calculated(visitor)).toEqual({ [id(8)]: [1, id(1)], [id(9)]: [2, id(2)] });
  });

  it('gives the touchpoints of a conversion that is reversed to the next one', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(1)));
    visitor.register(touch(2, march(5)));
    visitor.convert(conversion(8, march(3)), now, defaultSettings);
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    visitor.reverse(reversal(8), now);
    expect(calculated(visitor)).toMatchObject({ [id(9)]: [2, id(1), id(2)] });
    expect(() => visitor.reverse(reversal(8), now)).toThrow(ConversionAlreadyReversed);
    expect(() => visitor.recalculate(id(8), defaultSettings)).toThrow(ConversionAlreadyReversed);
  });

  it('never counts a touchpoint that was removed, even if it was removed before it came', () => {
    const visitor = nobody();
    visitor.remove(removal(1));
    visitor.register(touch(1, march(1)));
    visitor.register(touch(2, march(2)));
    visitor.convert(conversion(9, march(10)), now, defaultSettings);
    visitor.remove(removal(2));
    visitor.remove(removal(2));
    expect(calculated(visitor)).toEqual({ [id(9)]: [2] });
    expect(visitor.recorded).toHaveLength(6);
  });

  it('has the same touchpoint once', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(1)));
    visitor.register(touch(1, march(1)));
    expect(visitor.recorded).toHaveLength(1);
  });

  it('keeps a conversion as it was calculated, whatever the settings are now, until it is recalculated', () => {
    const visitor = nobody();
    visitor.register(touch(1, march(1)));
    visitor.convert(conversion(9, march(10)), now, { ...defaultSettings, lookback_days: 5 });
    visitor.register(touch(2, march(4)));
    visitor.register(touch(3, march(5)));
    expect(calculated(visitor)).toEqual({ [id(9)]: [2, id(3)] });
    visitor.recalculate(id(9), defaultSettings);
    expect(calculated(visitor)).toEqual({ [id(9)]: [3, id(1), id(2), id(3)] });
    visitor.recalculate(id(9), defaultSettings);
    expect(calculated(visitor)).toMatchObject({ [id(9)]: [4, id(1), id(2), id(3)] });
  });

  it('has the same conversion once, and none of the same name that differs', () => {
    const visitor = nobody();
    const first = { externalId: 'order-1', value: '5.5' };
    visitor.convert(conversion(9, undefined, first), now, defaultSettings);
    const before = visitor.version;
    visitor.convert(conversion(9, undefined, { ...first, value: '5.50', currency: 'USD' }), now, defaultSettings);
    visitor.convert(conversion(9, now.toISOString(), first), now, defaultSettings);
    expect(visitor.version).toBe(before);
    for (const other of [{ value: '5.51' }, { currency: 'EUR' }, { conversionType: 'other' as const }])
      expect(() => visitor.convert(conversion(9, undefined, { ...first, ...other }), now, defaultSettings)).toThrow(
        ConversionAlreadyExists,
      );
    expect(() => visitor.convert(conversion(9, march(1), first), now, defaultSettings)).toThrow(
      ConversionAlreadyExists,
    );
  });

  it('converts when it is accepted, unless said otherwise: up to 5 minutes ahead, and 90 days ago', () => {
    const late = (ms: number): string => new Date(now.getTime() + ms).toISOString();
    const days = 86_400_000;
    const visitor = nobody();
    visitor.convert(conversion(1), now, defaultSettings);
    expect(visitor.recorded[0]).toMatchObject({ occurredAt: now.toISOString(), value: '100.00', currency: 'USD' });
    visitor.convert(conversion(2, late(300_000)), now, defaultSettings);
    visitor.convert(conversion(3, late(-90 * days)), now, defaultSettings);
    expect(() => visitor.convert(conversion(4, late(300_001)), now, defaultSettings)).toThrow(OccurredAtInFuture);
    expect(() => visitor.convert(conversion(4, late(-90 * days - 1)), now, defaultSettings)).toThrow(OccurredAtTooOld);
  });

  it('knows no conversion that was never recorded', () => {
    const visitor = nobody();
    expect(() => visitor.reverse(reversal(9), now)).toThrow(ConversionNotFound);
    visitor.register(touch(1, march(1)));
    expect(() => visitor.recalculate(id(9), defaultSettings)).toThrow(ConversionNotFound);
  });
});

describe('The order in which things become known', () => {
  const moment = fc.integer({ min: 1, max: 20 }).map(march);
  const story = fc.record({
    touches: fc.array(fc.record({ at: moment, removed: fc.boolean() }), { maxLength: 10 }),
    conversions: fc.array(fc.record({ at: moment, reversed: fc.boolean() }), { maxLength: 4 }),
    dice: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  const settings = { ...defaultSettings, lookback_days: 6 };

  it('never matters: who shares a conversion follows from all that there is', () => {
    fc.assert(
      fc.property(story, ({ touches, conversions, dice }) => {
        const steps: { rank: number; does: (visitor: Visitor) => void }[] = [];
        const rank = (): number => dice.next().value as number;
        touches.forEach(({ at, removed }, n) => {
          steps.push({ rank: rank(), does: (visitor) => visitor.register(touch(n, at)) });
          if (removed) steps.push({ rank: rank(), does: (visitor) => visitor.remove(removal(n)) });
        });
        conversions.forEach(({ at, reversed }, n) => {
          const begun = rank();
          steps.push({ rank: begun, does: (visitor) => visitor.convert(conversion(100 + n, at), now, settings) });
          if (reversed)
            steps.push({ rank: begun + rank() + 1e-9, does: (visitor) => visitor.reverse(reversal(100 + n), now) });
        });
        const visitor = nobody();
        for (const { does } of steps.toSorted((a, b) => a.rank - b.rank)) does(visitor);

        const there = touches
          .flatMap(({ at, removed }, n) =>
            removed ? [] : [{ touchpoint_id: id(n), occurred_at: at, recorded_at: at }],
          )
          .toSorted(byTime);
        const ends = conversions
          .flatMap(({ at, reversed }, n) => (reversed ? [] : [{ conversionId: id(100 + n), occurredAt: at }]))
          .toSorted(byConversion);
        const last = calculated(visitor);
        for (const [at, end] of ends.entries()) {
          const sharing = eligible(leadingTo(there, end, ends[at - 1]), end, settings.lookback_days);
          expect(last[end.conversionId]?.slice(1)).toEqual(sharing.map((each) => each.touchpoint_id));
        }
      }),
    );
  });

  it('leaves the state before an event as it was, and shares with it what has not changed', () => {
    const visitor = nobody();
    const second = (n: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, n)).toISOString();
    for (let n = 0; n < 1_000; n++) visitor.register(touch(n, second(n)));
    const { touchpoints: before } = visitor.snapshot.state as { touchpoints: SortedList<object> };
    visitor.register(touch(1_000, second(1_000)));
    const { touchpoints: after } = visitor.snapshot.state as { touchpoints: SortedList<object> };
    expect(before.toArray()).toHaveLength(1_000);
    expect(after.toArray()).toHaveLength(1_001);
    expect(after.chunks.filter((chunk) => !before.chunks.includes(chunk))).toHaveLength(1);
  });

  it('leaves the same state as a replay of what was recorded', () => {
    fc.assert(
      fc.property(story, ({ touches, conversions }) => {
        const visitor = nobody();
        conversions.forEach(({ at }, n) => visitor.convert(conversion(100 + n, at), now, settings));
        touches.forEach(({ at }, n) => visitor.register(touch(n, at)));
        const events = visitor.recorded.map((event, index) => ({
          event,
          version: index + 1,
          occurredAt: now,
          actor: 'system',
        }));
        expect(nobody().replay(events)).toEqual(visitor.snapshot);
      }),
    );
  });
});
