import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the work has ended, or after so many milliseconds: an orderly end does not wait for a server for ever. */
export async function atMost(milliseconds: number, work: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([work, delay(milliseconds, undefined, { ref: false })]);
}
