import { Logger } from '@nestjs/common';

import type { Database } from '../database/database.js';
import { DatabaseClosed } from '../database/errors.js';
import { insist } from '../engine/insist.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { Envelope } from '../messaging/envelope.js';
import type { Partitions } from '../messaging/partitions.js';
import { SenderClosed, type PersistentSender } from '../policies/persistent-sender.js';
import { AlarmClock } from '../resilience/alarm-clock.js';
import { atMost } from '../resilience/at-most.js';
import type { LeftOut, ScheduledCommands } from './scheduled-commands.js';

/** Giving up waits so long, in milliseconds, for a database that does not answer; what it still does then, does no harm. */
const patience = 2_000;
const batch = 500;
/** So many are under way at most: while the broker is away, they must not fill the memory. */
const mostSending = 5_000;
/** It looks at least so often, in milliseconds: what is scheduled meanwhile may be due sooner. */
const longestRest = 500;

/** Sends commands whose time has come. One worker does; two would do no harm, since copies of a command are recognised. */
export class Scheduler {
  readonly #log = new Logger(Scheduler.name);
  readonly #alarm = new AlarmClock();
  readonly #sending = new Set<string>();
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly scheduled: ScheduledCommands,
    private readonly sender: PersistentSender,
    private readonly partitions: Pick<Partitions, 'known' | 'changing'>,
  ) {}

  async open(): Promise<void> {
    this.#running = this.#run().catch((error: unknown) => {
      if (!(error instanceof DatabaseClosed || error instanceof SenderClosed))
        this.#log.error({ message: `the scheduler stops: ${String(error)}`, stack: (error as Error).stack });
      this.#stopped = true;
    });
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#alarm.wake();
    await atMost(patience, this.#running);
  }

  get closed(): boolean {
    return this.#stopped;
  }

  async #run(): Promise<void> {
    const { database, scheduled } = this;
    while (!this.#stopped) {
      const heard = this.#alarm.rung;
      const leftOut = this.#leftOut();
      const room = Math.min(batch, mostSending - leftOut.ids.length);
      const due = room > 0 ? await insist(database, () => scheduled.due(room, leftOut)) : [];
      for (const envelope of due) this.#send(envelope);
      const more = room <= 0 || due.length > 0;
      const next = more ? undefined : await insist(database, () => scheduled.untilNext(leftOut));
      if (this.#stopped) return;
      await this.#alarm.within(Math.max(5, Math.min(next ?? longestRest, longestRest)), heard);
    }
  }

  /** What is under way, and what nobody takes at present: neither may stand before what can be sent. */
  #leftOut(): LeftOut {
    const contexts = [...this.partitions.known.keys()].filter((context) => this.partitions.changing(context));
    return { ids: [...this.#sending], contexts };
  }

  /** One that cannot be handed over holds nobody back but its own lane. */
  #send(envelope: Envelope): void {
    this.#sending.add(envelope.id);
    this.#sent(envelope)
      // There may be more than one look can take.
      .then(() => this.#sending.size === 1 && this.#alarm.wake())
      .catch((error: unknown) => {
        if (!(error instanceof SenderClosed || error instanceof DatabaseClosed))
          this.#log.error({
            message: `a scheduled command could not be sent: ${String(error)}`,
            command_id: envelope.id,
          });
      })
      .finally(() => this.#sending.delete(envelope.id));
  }

  async #sent(envelope: Envelope): Promise<void> {
    await this.sender.send(envelope);
    await failpoint('scheduler.before_mark', envelope.id);
    await insist(this.database, () => this.scheduled.published(envelope.id));
  }
}
