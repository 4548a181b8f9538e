import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until the work has ended, but so many milliseconds at most: nobody waits for a server for ever.
 * @returns whether it has ended
 */
export function atMost(milliseconds: number, work: Promise<unknown> | undefined): Promise<boolean> {
  return Promise.race([Promise.resolve(work).then(() => true), delay(milliseconds, false, { ref: false })]);
}
