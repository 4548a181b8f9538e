import { timeOf } from '#kernel';

import type { Touchpoint } from './vocabulary.js';

/** What a touchpoint's place in its journey follows from. */
export type Placed = Pick<Touchpoint, 'touchpoint_id' | 'occurred_at'> & { readonly recorded_at: string };

/** What cuts a visitor's touchpoints into journeys. */
export interface Cut {
  readonly conversionId: string;
  readonly occurredAt: string;
}

const day = 86_400_000;

/**
 * So many touchpoints share a conversion at most. Each that comes late has a new event name all of them: events have to
 * stay small, and the log must not grow with the square of what a robot sends.
 */
export const mostSharing = 100;

/** By the time at which it occurred, then at which it was recorded, then by id. */
export const byTime = (a: Placed, b: Placed): number =>
  compare(a.occurred_at, b.occurred_at) ||
  compare(a.recorded_at, b.recorded_at) ||
  compare(a.touchpoint_id, b.touchpoint_id);

/** Conversions of one moment have an order, too: the first of them ends the journey. */
export const byConversion = (a: Cut, b: Cut): number =>
  compare(a.occurredAt, b.occurredAt) || compare(a.conversionId, b.conversionId);

/**
 * The touchpoints that led to a conversion: after the conversion before, and up to this one.
 * @param touchpoints the visitor's, by time
 * @param before the conversion before this one, if there is any
 */
export function leadingTo<T extends Placed>(
  touchpoints: readonly T[],
  { occurredAt }: Pick<Cut, 'occurredAt'>,
  before: Pick<Cut, 'occurredAt'> | undefined,
): readonly T[] {
  const from = before === undefined ? 0 : countUntil(touchpoints, before.occurredAt);
  return touchpoints.slice(from, countUntil(touchpoints, occurredAt));
}

/**
 * Those of a journey that may earn something: the youngest that are not too old. Of exactly so many days is not too old.
 * @param journey by time
 */
export function eligible<T extends Placed>(
  journey: readonly T[],
  { occurredAt }: Pick<Cut, 'occurredAt'>,
  lookbackDays: number,
): readonly T[] {
  const earliest = timeOf(occurredAt).getTime() - lookbackDays * day;
  return journey.slice(-mostSharing).filter((touchpoint) => timeOf(touchpoint.occurred_at).getTime() >= earliest);
}

/** Whether so many days have passed since the last touchpoint of a journey that nothing has ended. */
export function isExpired(journey: readonly Placed[], now: Date, lookbackDays: number): boolean {
  const last = journey.at(-1);
  return last !== undefined && now.getTime() - timeOf(last.occurred_at).getTime() > lookbackDays * day;
}

/** How many of them occurred until then. */
function countUntil(touchpoints: readonly Placed[], until: string): number {
  let [low, high] = [0, touchpoints.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((touchpoints[middle] as Placed).occurred_at <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
