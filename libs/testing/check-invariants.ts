import { everyCommandEnds } from './invariants/every-command-ends.js';
import { everyEventTold } from './invariants/every-event-told.js';
import type { Evidence, Invariant } from './invariants/evidence.js';
import { foldedReadModels } from './invariants/folded-read-models.js';
import { gaplessStreams } from './invariants/gapless-streams.js';
import { healthyProcesses } from './invariants/healthy-processes.js';
import { idleDatabase } from './invariants/idle-database.js';
import { idlePools } from './invariants/idle-pools.js';
import { nothingLeft } from './invariants/nothing-left.js';
import { oneCommandAKey } from './invariants/one-command-a-key.js';
import { oneEffect } from './invariants/one-effect.js';
import { orderOfLanes } from './invariants/order-of-lanes.js';

const invariants: readonly Invariant[] = [
  everyCommandEnds,
  oneEffect,
  gaplessStreams,
  everyEventTold,
  foldedReadModels,
  nothingLeft,
  orderOfLanes,
  idleDatabase,
  idlePools,
  oneCommandAKey,
  healthyProcesses,
];

/**
 * Checks what must hold after every fault, once all has come to rest.
 * @throws Error with one sentence for each violation
 */
export async function checkInvariants(evidence: Evidence): Promise<void> {
  const findings: string[] = [];
  for (const invariant of invariants) findings.push(...(await invariant(evidence)));
  if (findings.length > 0) throw new Error(`invariants do not hold:\n  ${findings.join('\n  ')}`);
}
