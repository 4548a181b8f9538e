import { setTimeout as delay } from 'node:timers/promises';

import { NotDone } from './not-done.js';
import type { Operator } from './operator-actions.js';
import type { ParkedCommands, ParkedFilter } from './parked-commands.js';

/** What became of a command that was retried. `failed`: it is parked again; `waiting`: not known in time. */
export type Became = 'succeeded' | 'rejected' | 'discarded' | 'failed' | 'waiting' | 'gone';

export interface Retried {
  readonly id: string;
  readonly became: Became;
}

export interface RetryRun {
  readonly items: readonly Retried[];
  /** The one that ended the run, if stopping was asked for. */
  readonly stoppedBy: string | null;
  /** The filter may match more: the limit or the time is used up. */
  readonly more: boolean;
}

export interface RunLimits {
  readonly most: number;
  readonly stopOnFailure: boolean;
}

/** In milliseconds. */
const times = { run: 20_000, command: 8_000, look: 50 };

/**
 * Retries what matches, those parked first before the others. If it is to stop at the first failure, each one's end is
 * awaited before the next is retried; otherwise none is.
 */
export async function retryRun(
  parked: ParkedCommands,
  filter: ParkedFilter,
  { most, stopOnFailure }: RunLimits,
  operator: Operator,
): Promise<RetryRun> {
  const ids = await parked.candidates(filter, most + 1);
  const end = performance.now() + times.run;
  const items: Retried[] = [];
  for (const id of ids.slice(0, most)) {
    if (performance.now() > end) return { items, stoppedBy: null, more: true };
    const became = await retried(parked, id, operator, stopOnFailure);
    items.push({ id, became });
    if (stopOnFailure && (became === 'failed' || became === 'waiting'))
      return { items, stoppedBy: id, more: ids.length > items.length };
  }
  return { items, stoppedBy: null, more: ids.length > most };
}

async function retried(parked: ParkedCommands, id: string, operator: Operator, awaited: boolean): Promise<Became> {
  let attempts: number;
  try {
    ({ attempts } = await parked.retry(id, operator));
  } catch (error) {
    if (error instanceof NotDone) return 'gone';
    throw error;
  }
  if (!awaited) return 'waiting';
  for (const end = performance.now() + times.command; performance.now() < end;) {
    const standing = await parked.standing(id);
    if (standing === undefined) return 'gone';
    if (typeof standing === 'string') return standing as Became;
    if (standing.state !== 'retrying' || standing.attempts > attempts) return 'failed';
    await delay(times.look);
  }
  return 'waiting';
}
