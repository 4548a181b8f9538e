import { Clock } from '#kernel';

/** A clock that stands still until it is set. */
export class FixedClock extends Clock {
  #now: Date;

  constructor(now: string | Date) {
    super();
    this.#now = new Date(now);
  }

  now(): Date {
    return this.#now;
  }

  set(now: string | Date): void {
    this.#now = new Date(now);
  }
}
