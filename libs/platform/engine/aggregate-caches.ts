import { LRUCache } from 'lru-cache';

import type { Envelope } from '../messaging/envelope.js';
import type { Loaded } from './event-store.js';

/** Recently used aggregates of one partition, on one channel. */
export class AggregateCache {
  readonly #states: LRUCache<string, Loaded>;

  constructor(most: number) {
    this.#states = new LRUCache({ max: most });
  }

  take(streamType: string, id: string): Loaded | undefined {
    const key = `${streamType} ${id}`;
    const state = this.#states.get(key);
    if (state) this.#states.delete(key);
    return state;
  }

  put(streamType: string, id: string, loaded: Loaded): void {
    this.#states.set(`${streamType} ${id}`, loaded);
  }

  clear(): void {
    this.#states.clear();
  }
}

/** Says which cache a command may use: that of the partition that delivered it. */
export class AggregateCaches {
  readonly #byCommand = new WeakMap<Envelope, AggregateCache>();

  lend(envelope: Envelope, cache: AggregateCache): void {
    this.#byCommand.set(envelope, cache);
  }

  of(envelope: Envelope): AggregateCache {
    return this.#byCommand.get(envelope) ?? new AggregateCache(1);
  }
}
