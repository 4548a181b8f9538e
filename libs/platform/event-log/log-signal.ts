import type { Database } from '../database/database.js';
import { AlarmClock } from '../resilience/alarm-clock.js';

/** The channel that group commits notify when they have appended events. */
export const logChannel = 'contextflow_events';

/** Wakes readers of the log when events were appended. A hint only: readers look by themselves, too. */
export class LogSignal extends AlarmClock {
  #stop: (() => Promise<void>) | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  open(): void {
    this.#stop ??= this.database.listen(logChannel, () => this.wake());
  }

  async close(): Promise<void> {
    await this.#stop?.();
    this.wake();
  }
}
