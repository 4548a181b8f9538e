import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { PartitionReports } from './partition-reports.js';

/** How much older than everything that is under way a command must be, in milliseconds. */
export class UnknownAfter {
  constructor(readonly milliseconds: number) {}
}

/**
 * Tells a command that waits from one that is nowhere: no row, and older than all that is under way. Then it was never
 * accepted (its sender got no 202), or it was lost.
 */
@Injectable()
export class UnknownCommands {
  readonly #asked = new LRUCache<string, Date>({ max: 20_000 });

  constructor(
    private readonly reports: PartitionReports,
    private readonly after: UnknownAfter,
  ) {}

  /**
   * Whether a command without an outcome is under way no more. One that has just been settled may seem so, too: look once
   * more afterwards.
   * @param accepted when that was; without it (an id that was derived tells no time), it was before anybody asked here
   */
  async has(id: string, accepted: Date | undefined): Promise<boolean> {
    const since = accepted ?? this.#firstAsked(id);
    if (Date.now() - since.getTime() < this.after.milliseconds) return false;
    const until = await this.reports.settledUntil();
    return until !== undefined && until.getTime() - since.getTime() > this.after.milliseconds;
  }

  /** The command is on its way again, by a copy under the same key. */
  forget(id: string): void {
    this.#asked.delete(id);
  }

  #firstAsked(id: string): Date {
    const asked = this.#asked.get(id) ?? new Date();
    this.#asked.set(id, asked);
    return asked;
  }
}
