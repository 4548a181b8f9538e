import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds until it gives up. Default: 10 seconds. */
  readonly within?: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

/**
 * Resolves with the first answer of `look` that is neither false, null nor undefined.
 * @param what completes the sentence "… did not come true within …"
 * @throws Error when the time is over, with the last error of `look` as its cause
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T> | T,
  { within = 10_000, every = 50 }: Patience = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + within;
  let cause: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== false && seen !== null && seen !== undefined) return seen as NonNullable<Exclude<T, false>>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`"${what}" did not come true within ${within / 1000} s${why}`, { cause });
    }
    await delay(every);
  }
}
