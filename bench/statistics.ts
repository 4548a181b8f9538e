/** The middle of the figures of all rounds, and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws Error when there are no values */
export function summary(values: readonly number[]): Summary {
  return { median: percentile(values, 50), least: percentile(values, 0), most: percentile(values, 100) };
}

/**
 * Between two values it lies between them, in proportion.
 * @throws Error when there are no values
 */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new Error('there are no values: a round must have come to an end');
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/** Round by round, as neighbours in time have met the same machine. */
export function ratios(values: readonly number[], references: readonly number[]): number[] {
  return values.slice(0, references.length).map((value, round) => value / (references[round] as number));
}
