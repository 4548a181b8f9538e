type Begin = () => void;

/** Too many wait already. */
export class TooManyWaiting extends Error {}

/** Lets so many run at a time, and so many wait for their turn, in order. */
export class Turns {
  readonly #queue: Begin[] = [];
  #running = 0;

  constructor(private readonly most: { readonly running: number; readonly waiting: number }) {}

  /** Nobody runs, nobody waits. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /** @throws TooManyWaiting at once, without having begun */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running--;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.most.running) {
      this.#running++;
      return;
    }
    if (this.#queue.length >= this.most.waiting) throw new TooManyWaiting();
    await new Promise<void>((begin) => this.#queue.push(begin));
  }
}

/** Turns of their own for each key, which are forgotten as soon as nobody needs them. */
export class TurnsByKey {
  readonly #turns = new Map<string, Turns>();

  constructor(private readonly most: { readonly running: number; readonly waiting: number }) {}

  /** @throws TooManyWaiting at once, without having begun */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(key) ?? new Turns(this.most);
    this.#turns.set(key, turns);
    try {
      return await turns.take(work);
    } finally {
      if (turns.idle) this.#turns.delete(key);
    }
  }
}
