import { setTimeout as delay } from 'node:timers/promises';

/** Something to sleep on: until somebody wakes all sleepers, or their time is over. */
export class AlarmClock {
  readonly #sleeping = new Set<() => void>();
  #rung = 0;

  /** How often it has rung. Who looks at the world first and sleeps then says what it was before: see `within`. */
  get rung(): number {
    return this.#rung;
  }

  wake(): void {
    this.#rung++;
    for (const resolve of this.#sleeping) resolve();
    this.#sleeping.clear();
  }

  /**
   * Resolves when woken, or after so many milliseconds; at once when it has rung since.
   * @returns whether it was woken
   */
  async within(milliseconds: number, since = this.#rung): Promise<boolean> {
    if (this.#rung !== since) return true;
    const over = new AbortController();
    let resolve: () => void = () => undefined;
    const woken = new Promise<void>((settle) => this.#sleeping.add((resolve = settle)));
    await Promise.race([woken, delay(milliseconds, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    this.#sleeping.delete(resolve);
    return this.#rung !== since;
  }
}
