export const late = Symbol('late');

/** The answer, or `late` when it takes longer than so many milliseconds. */
export async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof late>((resolve) => (timer = setTimeout(() => resolve(late), milliseconds)));
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}

export interface ReadingLimits {
  /** An answer serves for so long. */
  readonly fresh: number;
  /** Nobody waits for longer than this. */
  readonly patience: number;
  /** When the next answer is late, the one before serves until it is so old. */
  readonly stale: number;
}

const usual: ReadingLimits = { fresh: 5_000, patience: 1_000, stale: 30_000 };

/** Something that costs an effort to find out: asked for at most once at a time, and not again while it is fresh. */
export class Reading<T> {
  #last: { readonly answer: T; readonly at: number } | undefined;
  #asking: Promise<T | undefined> | undefined;

  /** @param limits in milliseconds. Default: fresh for 5 seconds, patience for one, stale after 30. */
  constructor(
    private readonly ask: () => Promise<T>,
    private readonly limits: ReadingLimits = usual,
  ) {}

  /** Undefined when it failed, or is late and there is no older answer to serve. Never throws. */
  async latest(): Promise<T | undefined> {
    const known = this.#youngerThan(this.limits.fresh);
    if (known) return known.answer;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    const answer = await within(this.limits.patience, this.#asking);
    return answer === late ? this.#youngerThan(this.limits.stale)?.answer : answer;
  }

  #youngerThan(milliseconds: number): { readonly answer: T } | undefined {
    return this.#last && performance.now() - this.#last.at < milliseconds ? this.#last : undefined;
  }

  async #ask(): Promise<T | undefined> {
    try {
      const answer = await this.ask();
      this.#last = { answer, at: performance.now() };
      return answer;
    } catch {
      this.#last = undefined;
      return undefined;
    }
  }
}
