import { timeOf } from '#kernel';

import type { AttributionModel, AttributionSettings, Touchpoint, Weighting } from './vocabulary.js';

/** How a conversion's value is shared. */
export interface Method {
  readonly model: AttributionModel;
  readonly weighting: Weighting;
}

/** What a touchpoint earns of a conversion. */
export interface Credit {
  /** 0 to 1. */
  readonly share: number;
  /** In minor units. */
  readonly amount: number;
}

type Touch = Pick<Touchpoint, 'interaction_type' | 'occurred_at'>;

/** What is converted: when, and what it is worth in minor units. */
export interface Converted {
  readonly value: number;
  readonly occurredAt: string;
}

const day = 86_400_000;

/**
 * What each touchpoint earns, in their order. The amounts add up to the value exactly; what whole units leave over goes to
 * the largest remainders, and of equal ones to the earlier touchpoint. No touchpoint, no credit.
 * @param touchpoints those that may earn something, in the order of the journey
 */
export function credits(
  touchpoints: readonly Touch[],
  { value, occurredAt }: Converted,
  method: Method,
  settings: AttributionSettings,
): readonly Credit[] {
  const parts = partsOf(touchpoints, occurredAt, method, settings);
  const total = sum(parts);
  const amounts = apportioned(BigInt(value), parts, total);
  return parts.map((part, at) => ({ share: Number(part) / Number(total), amount: amounts[at] as number }));
}

/** What each touchpoint's part is of all parts: whole numbers, for doubles would decide which of two equal remainders is larger. */
function partsOf(
  touchpoints: readonly Touch[],
  convertedAt: string,
  { model, weighting }: Method,
  settings: AttributionSettings,
): readonly bigint[] {
  const weights = touchpoints.map(({ interaction_type: type }) =>
    weighting === 'none' ? 1n : decimal(settings.interaction_weights[type]),
  );
  const bases = basesOf[model](touchpoints, weights, convertedAt, settings);
  return someOf(bases.map((base, at) => base * (weights[at] as bigint)));
}

/** Where nobody would earn anything, everybody earns the same. */
const someOf = (parts: readonly bigint[]): readonly bigint[] =>
  parts.some((part) => part > 0n) ? parts : parts.map(() => 1n);

type Bases = (
  touchpoints: readonly Touch[],
  weights: readonly bigint[],
  convertedAt: string,
  settings: AttributionSettings,
) => readonly bigint[];

const basesOf: Readonly<Record<AttributionModel, Bases>> = {
  first_touch: (touchpoints) => touchpoints.map((_, at) => (at === 0 ? 1n : 0n)),
  last_touch: (touchpoints) => touchpoints.map((_, at) => (at === touchpoints.length - 1 ? 1n : 0n)),
  linear: (touchpoints) => touchpoints.map(() => 1n),
  time_decay: (touchpoints, weights, convertedAt, { half_life_days: halfLife }) =>
    decayed(touchpoints, weights, timeOf(convertedAt), halfLife),
  position_based: ({ length }, _weights, _convertedAt, { first_weight: first, last_weight: last }) =>
    byPosition(length, decimal(first), decimal(last)),
};

/** By age relative to the youngest that counts, so that the oldest journey does not vanish as a whole. */
function decayed(
  touchpoints: readonly Touch[],
  weights: readonly bigint[],
  convertedAt: Date,
  halfLife: number,
): readonly bigint[] {
  const ages = touchpoints.map(({ occurred_at: at }) => (convertedAt.getTime() - timeOf(at).getTime()) / day);
  const counts = (at: number): boolean => (weights[at] as bigint) > 0n;
  const youngest = Math.min(...ages.filter((_, at) => counts(at)));
  return ages.map((age, at) => (counts(at) ? scaled(2 ** ((youngest - age) / halfLife)) : 0n));
}

function byPosition(length: number, first: bigint, last: bigint): readonly bigint[] {
  if (length === 1) return [1n];
  if (length === 2) return [first, last];
  const between = BigInt(length - 2);
  const middle = one - first - last;
  return Array.from({ length }, (_, at) => {
    if (at === 0) return first * between;
    return at === length - 1 ? last * between : middle;
  });
}

function apportioned(value: bigint, parts: readonly bigint[], total: bigint): readonly number[] {
  const shared = parts.map((part, at) => ({ at, whole: (value * part) / total, rest: (value * part) % total }));
  const left = Number(value - sum(shared.map(({ whole }) => whole)));
  const favoured = shared.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1));
  const extra = new Set(favoured.slice(0, left).map(({ at }) => at));
  return shared.map(({ at, whole }) => Number(whole) + Number(extra.has(at)));
}

const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

/** Whether parts are more than the whole together, in the numbers that models count in. */
export const exceedWhole = (...parts: readonly number[]): boolean => sum(parts.map(decimal)) > one;

const decimals = 12;
const one = 10n ** BigInt(decimals);

/** The decimal number that was written, which no double is. */
const decimal = (value: number): bigint => BigInt(value.toFixed(decimals).replace('.', ''));

/** A double of 0 to 1 as it is, down to parts that no amount can show. */
const scaled = (value: number): bigint => BigInt(Math.floor(value * 2 ** 106));
