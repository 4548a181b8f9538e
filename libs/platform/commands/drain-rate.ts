interface Sample {
  readonly done: number;
  /** In milliseconds. */
  readonly at: number;
}

/** What is older tells nothing of now, in milliseconds. */
const window = 12_000;

/** How fast a partition's worker gets on, from what it says it is done with. */
export class DrainRate {
  #samples: Sample[] = [];

  /** @param done undefined when nobody says anything of the partition */
  saw(done: number | undefined, at: number): void {
    const last = this.#samples.at(-1);
    // Another worker begins to count anew.
    if (done === undefined || (last && done < last.done)) this.#samples = [];
    if (done !== undefined) this.#samples.push({ done, at });
    this.#samples = this.#samples.filter((sample) => at - sample.at <= window);
  }

  /** Commands a second; 0 while that is not known. */
  get perSecond(): number {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return ((last.done - first.done) * 1_000) / (last.at - first.at);
  }
}
