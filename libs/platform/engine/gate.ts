/**
 * Many may pass side by side, or one alone: a command that is suspected of killing its process runs while nothing else does
 * that could, and what has killed the process otherwise is not put down to it.
 */
export class Gate {
  #shared = 0;
  #exclusive = false;
  readonly #waiting: { alone: boolean; enter: () => void }[] = [];

  async enter(alone: boolean): Promise<void> {
    if (this.#waiting.length === 0 && this.#free(alone)) return this.#take(alone);
    await new Promise<void>((resolve) => this.#waiting.push({ alone, enter: resolve }));
  }

  leave(alone: boolean): void {
    if (alone) this.#exclusive = false;
    else this.#shared--;
    for (let next = this.#waiting[0]; next && this.#free(next.alone); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#take(next.alone);
      next.enter();
    }
  }

  /** Does what is not suspected, side by side with others. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    await this.enter(false);
    try {
      return await work();
    } finally {
      this.leave(false);
    }
  }

  #free(alone: boolean): boolean {
    return !this.#exclusive && (!alone || this.#shared === 0);
  }

  #take(alone: boolean): void {
    if (alone) this.#exclusive = true;
    else this.#shared++;
  }
}
