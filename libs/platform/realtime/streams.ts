import { Problem } from '../http/problem.js';
import type { LiveStream } from './live-stream.js';

export interface StreamLimits {
  /** Streams of one user. */
  readonly user: number;
  /** Streams of all. */
  readonly all: number;
}

/** The streams that are open in this process. */
export class Streams {
  readonly #all = new Set<LiveStream>();
  readonly #byUser = new Map<string, Set<LiveStream>>();

  constructor(private readonly limits: StreamLimits) {}

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<LiveStream> {
    return this.#all.values();
  }

  /** Those that follow. */
  get following(): readonly LiveStream[] {
    return [...this.#all].filter(({ follows }) => follows);
  }

  /** Those of a user that follow. */
  of(userId: string): readonly LiveStream[] {
    return [...(this.#byUser.get(userId) ?? [])].filter(({ follows }) => follows);
  }

  /** @throws Problem `too_many_streams` */
  add(stream: LiveStream): void {
    const own = this.#byUser.get(stream.userId) ?? new Set();
    if (own.size >= this.limits.user)
      throw tooMany(`you have ${own.size} streams open here: close one, or let your pages share one`, 10);
    if (this.size >= this.limits.all) throw tooMany('too many streams are open here: come back in a while', 30);
    this.#all.add(stream);
    this.#byUser.set(stream.userId, own.add(stream));
  }

  /** @returns whether it was there */
  remove(stream: LiveStream): boolean {
    const own = this.#byUser.get(stream.userId);
    own?.delete(stream);
    if (own?.size === 0) this.#byUser.delete(stream.userId);
    return this.#all.delete(stream);
  }
}

const tooMany = (detail: string, wait: number): Problem =>
  new Problem({ code: 'RATE_LIMITED', reason: 'too_many_streams', detail, headers: { 'Retry-After': String(wait) } });
