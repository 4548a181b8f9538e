import { OccurredAtInFuture, OccurredAtTooOld } from './errors.js';

const minute = 60_000;
const day = 24 * 60 * minute;

/** So far a sender's clock may be ahead of ours, in milliseconds. */
const skew = 5 * minute;
const oldest = 90 * day;

/** @throws OccurredAtInFuture, OccurredAtTooOld where an interaction that is told at that time cannot have been then */
export function assertRecent(occurredAt: Date, told: Date): void {
  const age = told.getTime() - occurredAt.getTime();
  if (age < -skew) throw new OccurredAtInFuture(occurredAt);
  if (age > oldest) throw new OccurredAtTooOld(occurredAt);
}
