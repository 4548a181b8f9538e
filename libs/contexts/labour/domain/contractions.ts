import { snakeCase, timeOf } from '#kernel';

import type { ContractionRecord, LabourRecord, UpdateContraction } from '../contract/index.js';
import { ContractionsOverlap, NothingToUpdate } from './errors.js';

type Span = Pick<ContractionRecord, 'startTime' | 'endTime'>;

export const runningIn = ({ contractions }: Pick<LabourRecord, 'contractions'>): ContractionRecord | undefined =>
  contractions.find(({ endTime }) => endTime === null);

/** Seconds. */
export const durationOf = ({ startTime, endTime }: { startTime: string; endTime: string }): number =>
  (Date.parse(endTime) - Date.parse(startTime)) / 1_000;

/** @throws ContractionsOverlap unless it touches others at most */
export function assertAlone(contraction: Span & { id: string }, { contractions }: LabourRecord): void {
  const others = contractions.filter(({ id }) => id !== contraction.id);
  if (others.some((other) => startsWithin(contraction, other) && startsWithin(other, contraction)))
    throw new ContractionsOverlap();
}

/** Whether the one starts before the other has ended. */
const startsWithin = ({ startTime }: Span, { endTime }: Span): boolean => endTime === null || startTime < endTime;

interface ChangedContraction {
  readonly startTime: string;
  readonly endTime: string;
  readonly intensity: number;
  readonly notes: string | undefined;
  /** Wire names. */
  readonly changed: readonly string[];
}

/** @throws NothingToUpdate when no field is given */
export function changesOf(
  before: ContractionRecord & { readonly endTime: string },
  { startTime, endTime, intensity, notes }: UpdateContraction,
): ChangedContraction {
  if ([startTime, endTime, intensity, notes].every((field) => field === undefined)) throw new NothingToUpdate();
  const after = {
    startTime: startTime === undefined ? before.startTime : timeOf(startTime).toISOString(),
    endTime: endTime === undefined ? before.endTime : timeOf(endTime).toISOString(),
    intensity: intensity ?? (before.intensity as number),
    notes: notes === undefined ? before.notes : notes,
  };
  const fields = Object.keys(after) as (keyof typeof after)[];
  const changed = fields.filter((field) => after[field] !== before[field]).map(snakeCase);
  return { ...after, notes: after.notes ?? undefined, changed };
}
