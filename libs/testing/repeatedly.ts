import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does something at a steady pace for a time.
 * @param pace in milliseconds
 * @returns what each time came to
 */
export async function repeatedly<T>(pace: { every: number; for: number }, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const end = performance.now() + pace.for;
  for (let next = performance.now(); performance.now() < end; next += pace.every) {
    results.push(await work());
    await delay(Math.max(0, next + pace.every - performance.now()));
  }
  return results;
}

/** Resolves when so many milliseconds have passed: for faults that have a length. Never to wait for something to happen. */
export const lasting = (milliseconds: number): Promise<void> => delay(milliseconds);
