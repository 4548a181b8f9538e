/** How much a pause may differ from what is set, so that commands that failed together are not tried together. */
const jitter = 0.2;

/** The pauses before the delayed attempts of a command that could not be run. */
export class AttemptDelays {
  private constructor(
    private readonly seconds: readonly number[],
    private readonly random: () => number,
  ) {}

  /** @param setting seconds with commas between them, or `none` */
  static of(setting: string, random: () => number = Math.random): AttemptDelays {
    return new AttemptDelays(setting === 'none' ? [] : setting.split(',').map(Number), random);
  }

  /**
   * The pause before the next attempt, in seconds.
   * @param delayed how many delayed attempts there have been
   * @returns undefined after the last
   */
  next(delayed: number): number | undefined {
    const seconds = this.seconds[delayed];
    return seconds === undefined ? undefined : seconds * (1 - jitter + 2 * jitter * this.random());
  }
}
