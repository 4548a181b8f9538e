import type { Entry } from '../ledger.js';
import { some, type Invariant } from './evidence.js';

/** I10: one `Idempotency-Key`, however often it was sent, is one command on one resource. */
export const oneCommandAKey: Invariant = async ({ ledger }) => {
  const distinct = ({ attempts }: Entry, member: 'commandId' | 'resourceId'): number =>
    new Set(attempts.map((attempt) => attempt[member]).filter((id) => id !== undefined)).size;
  const split = ledger.entries.filter((entry) => distinct(entry, 'commandId') > 1 || distinct(entry, 'resourceId') > 1);
  const shared = [...Map.groupBy(ledger.accepted, ({ commandId }) => commandId)].filter(
    ([, those]) => those.length > 1,
  );
  return [
    ...(split.length > 0
      ? [`I10: ${split.length} keys became several commands: ${some(split.map(({ intent }) => intent.key))}`]
      : []),
    ...(shared.length > 0
      ? [`I10: ${shared.length} commands answer to several keys: ${some(shared.map(([id]) => id))}`]
      : []),
  ];
};
