import { setTimeout as delay } from 'node:timers/promises';

/**
 * Yields 0, 1, 2 …, at once and then after pauses that double from `first` to `most` milliseconds, each with a jitter of
 * a half, so that a fleet does not come back in step. Ends when the signal aborts.
 */
export async function* backoff(options: { first: number; most: number; signal?: AbortSignal }): AsyncGenerator<number> {
  for (let attempt = 0; !options.signal?.aborted; attempt++) {
    yield attempt;
    const pause = Math.min(options.most, options.first * 2 ** Math.min(attempt, 20));
    try {
      await delay(pause * (0.5 + Math.random() / 2), undefined, { signal: options.signal });
    } catch {
      return;
    }
  }
}
