import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { partitionOf } from '../messaging/envelope.js';
import { reportKey } from '../messaging/partition-report.js';
import type { Partitions } from '../messaging/partitions.js';
import type { QueueDepths } from '../messaging/queue-depths.js';
import { DrainRate } from './drain-rate.js';
import type { PartitionReports } from './partition-reports.js';

/** In milliseconds. */
const lookEvery = 2_000;
/** Nobody is sent away for longer, in seconds: by then somebody may have started workers. */
const longestWait = 60;
/** A full partition takes commands again when it has been worked down to this share of the limit. */
const open = 3 / 4;

interface Standing {
  /** Commands in the queue as they were seen last, with those that this process has sent since. */
  waiting: number;
  full: boolean;
  readonly rate: DrainRate;
}

/** Why a command is not taken now. */
export interface Full {
  /** Seconds until its partition will probably take commands again. */
  readonly retryAfter: number;
}

/**
 * Knows which partitions have more commands waiting than they may. It looks at the queues in the background, never when a
 * command is accepted; a partition that it knows nothing of is not full.
 */
export class Backlog implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(Backlog.name);
  readonly #standing = new Map<string, Standing>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queues: QueueDepths,
    private readonly reports: Pick<PartitionReports, 'done'>,
    private readonly partitions: Partitions,
    private readonly limit: number,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setTimeout(() => void this.#lookOn(), lookEvery).unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Counts the command in, or tells why it is not to be sent now. */
  admit(context: string, lane: string): Full | undefined {
    const count = this.partitions.known.get(context);
    if (count === undefined) return undefined;
    const name = reportKey(context, count, partitionOf(lane, count));
    const standing = this.#standing.get(name);
    if (!standing) return undefined;
    if (standing.waiting >= this.limit) this.#turn(standing, true, name);
    if (standing.full) return { retryAfter: this.#wait(standing) };
    standing.waiting++;
    return undefined;
  }

  /**
   * Looks at all queues, and at how fast workers get on.
   * @param clock milliseconds of a clock that never goes back
   */
  async look(clock = () => performance.now()): Promise<void> {
    const before = new Map([...this.#standing].map(([name, { waiting }]) => [name, waiting]));
    const [depths, done] = await Promise.all([
      this.queues.read().catch(() => undefined),
      this.reports.done().catch(() => undefined),
    ]);
    // Without the broker nothing is sent anyway, and afterwards everything may be different.
    if (!depths) return this.#standing.clear();
    const at = clock();
    for (const { context, partition, ready } of depths) {
      const count = this.partitions.known.get(context);
      if (count === undefined) continue;
      const name = reportKey(context, count, partition);
      const standing = this.#standing.get(name) ?? { waiting: 0, full: false, rate: new DrainRate() };
      this.#standing.set(name, standing);
      const sentMeanwhile = standing.waiting - (before.get(name) ?? 0);
      standing.waiting = ready + sentMeanwhile;
      standing.rate.saw(done?.get(name), at);
      if (standing.waiting >= this.limit) this.#turn(standing, true, name);
      else if (standing.waiting <= this.limit * open) this.#turn(standing, false, name);
    }
  }

  async #lookOn(): Promise<void> {
    await this.look();
    if (this.#timer) this.#timer = setTimeout(() => void this.#lookOn(), lookEvery).unref();
  }

  #wait({ waiting, rate }: Standing): number {
    const seconds = (waiting - this.limit * open) / rate.perSecond;
    return Math.min(longestWait, Math.max(1, Math.ceil(seconds)));
  }

  #turn(standing: Standing, full: boolean, name: string): void {
    if (standing.full === full) return;
    standing.full = full;
    const { waiting } = standing;
    if (full)
      this.#log.warn({
        message: `${name} has a backlog of ${waiting}, over BACKLOG_LIMIT: its commands get 429`,
        waiting,
      });
    else this.#log.log({ message: `${name} takes commands again`, waiting });
  }
}
