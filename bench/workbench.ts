import type { Servers } from '#testing/servers.js';

import { Progress } from './progress.js';

/** What is to be undone, last things first. */
export type Undo = () => Promise<void> | void;

/** What a row works with: servers, sizes, and somebody who clears up after it. */
export class Workbench {
  readonly progress = new Progress();
  readonly #undoings: Undo[] = [];
  #steps = 0;
  #expected = 1;

  constructor(
    readonly servers: Servers,
    readonly quick: boolean,
  ) {}

  get rounds(): number {
    return this.quick ? 3 : 5;
  }

  /** One of two sizes. */
  size(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  /** So many steps are expected from here on. */
  expect(steps: number): void {
    this.#steps = 0;
    this.#expected = steps;
  }

  /** Does a part of the work, and shows which. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.progress.tell(Math.min(1, this.#steps++ / this.#expected), name);
    return work();
  }

  /** To be called when the row has ended, in whatever way. */
  after(undo: Undo): void {
    this.#undoings.push(undo);
  }

  async clearUp(): Promise<void> {
    for (const undo of this.#undoings.splice(0).reverse()) await undo();
  }
}
