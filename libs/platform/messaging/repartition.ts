import { setTimeout as delay } from 'node:timers/promises';

import { alive } from '../database/alive.js';
import type { Database } from '../database/database.js';
import { failpoint } from '../failpoints/failpoint.js';
import { bindQueues, declareQueues } from './rabbitmq/declare.js';
import type { BrokerSession } from './rabbitmq/session.js';
import type { Topology } from './topology.js';

/** The number of partitions cannot be changed as asked. The message says why, and what to do. */
export class CannotRepartition extends Error {}

/** How far a change of the number of partitions has come. */
export interface RepartitionProgress {
  readonly step: 'unbind' | 'drain' | 'store' | 'bind' | 'remove';
  /** Partitions that are done in this step. */
  readonly done: number;
  readonly of: number;
  /** Commands that still wait in the queues. */
  readonly waiting?: number;
}

interface ContextRow {
  readonly partitions: number;
  readonly changing_to: number | null;
  readonly unbound_at: Date | null;
  readonly partitions_before: number | null;
}

const look = {
  name: 'repartition_look',
  text: 'select partitions, changing_to, unbound_at, partitions_before from platform.contexts where name = $1',
};

// It waits for whoever is binding the old keys, and nobody binds them after it.
const begin = {
  name: 'repartition_begin',
  text: `
    update platform.contexts set changing_to = $2, unbound_at = null
    where name = $1 and changing_to is null and partitions_before is null`,
};

const unbound = {
  name: 'repartition_unbound',
  text: 'update platform.contexts set unbound_at = now() where name = $1 and changing_to = $2',
};

const store = {
  name: 'repartition_store',
  text: `
    update platform.contexts
    set partitions = changing_to, partitions_before = partitions, changing_to = null, unbound_at = null
    where name = $1 and changing_to = $2`,
};

const removed = {
  name: 'repartition_removed',
  text: 'update platform.contexts set partitions_before = null where name = $1',
};

const cancelled = {
  name: 'repartition_cancel',
  text: 'update platform.contexts set changing_to = null, unbound_at = null where name = $1 and changing_to is not null',
};

// A broker of several nodes may route by an old binding for a moment longer.
const drained = {
  name: 'repartition_drained',
  text: `
    select n from generate_series(0, $2::int - 1) as n
    cross join lateral (select concat_ws('.', $1::text, $2::int, n) as key) k
    where exists (
      select from platform.workers w where ${alive('w')}
        and w.seen_at - (w.partitions -> k.key ->> 'empty')::float8 * interval '1 millisecond'
          > (select unbound_at from platform.contexts where name = $1) + interval '1 second'
    ) and not exists (
      select from platform.workers w where ${alive('w')} and w.partitions -> k.key ? 'oldest'
    )`,
};

/** In milliseconds. */
const pause = 250;

/**
 * Changes a context's number of partitions while its clients go on, who get 503 meanwhile: unbind the old keys, wait until
 * the old queues are empty and all that was in them is settled or parked, store the new number, bind the new keys. Killed
 * at any point, it goes on where it was when it is called again.
 */
export class Repartition {
  constructor(
    private readonly database: Database,
    private readonly session: BrokerSession,
    private readonly topology: Topology,
    private readonly tell: (progress: RepartitionProgress) => void = () => undefined,
  ) {}

  /**
   * @param signal ends the wait for the old queues; what was done stays
   * @returns whether there was anything to do
   * @throws CannotRepartition
   */
  async run(context: string, wanted: number, signal: AbortSignal): Promise<boolean> {
    let row = await this.#row(context);
    if (row.changing_to !== null && row.changing_to !== wanted)
      throw new CannotRepartition(
        `${context} is being changed to ${row.changing_to} partitions: finish that first with --partitions ${row.changing_to}, or take it back with --cancel`,
      );
    if (row.changing_to === null && row.partitions === wanted && row.partitions_before === null) return false;
    if (row.partitions_before !== null) {
      if (row.partitions !== wanted)
        throw new CannotRepartition(
          `the change of ${context} to ${row.partitions} partitions is not finished: finish it first with --partitions ${row.partitions}`,
        );
    } else {
      await this.database.query(begin, [context, wanted]);
      await failpoint('repartition.begun');
      await this.#unbind(context, row.partitions, wanted);
      await failpoint('repartition.unbound');
      await declareQueues(this.session.model, this.topology, context, wanted);
      await this.#drain(context, row.partitions, signal);
      await failpoint('repartition.drained');
      this.tell({ step: 'store', done: 0, of: 1 });
      await this.database.query(store, [context, wanted]);
      this.tell({ step: 'store', done: 1, of: 1 });
      await failpoint('repartition.stored');
      row = await this.#row(context);
    }
    await this.#bind(context, row.partitions);
    await failpoint('repartition.bound');
    if (row.partitions_before !== null) await this.#remove(context, row.partitions_before, signal);
    return true;
  }

  /**
   * Takes back a change that has not been stored: the processes bind the old keys again.
   * @returns whether there was one
   */
  async cancel(context: string): Promise<boolean> {
    const { changing_to: to, partitions } = await this.#row(context);
    if (to === null) return false;
    await this.database.query(cancelled, [context]);
    await declareQueues(this.session.model, this.topology, context, partitions);
    await bindQueues(this.session.model, this.topology, context, partitions);
    return true;
  }

  async #row(context: string): Promise<ContextRow> {
    const [row] = await this.database.query<ContextRow>(look, [context]);
    if (!row)
      throw new CannotRepartition(
        `there is no context "${context}": platform.contexts gets it when its API or worker starts`,
      );
    return row;
  }

  async #unbind(context: string, count: number, wanted: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const { commands } = this.topology;
      await this.session.unbind(
        this.topology.queue(context, count, n),
        commands,
        this.topology.routingKey(context, count, n),
      );
      this.tell({ step: 'unbind', done: n + 1, of: count });
    }
    await this.database.query(unbound, [context, wanted]);
  }

  /** Empty is not enough: what a worker has in hand must be settled or parked before the next command of its lane may run. */
  async #drain(context: string, count: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const done = await this.database.query<{ n: number }>(drained, [context, count]);
      const waiting = await this.#waiting(context, count);
      this.tell({ step: 'drain', done: done.length, of: count, waiting });
      if (done.length === count && waiting === 0) return;
      if (signal.aborted)
        throw new CannotRepartition(
          `${count - done.length} of ${count} partitions are not worked off yet, with ${waiting} commands waiting: see that workers serve ${context} and call this again, or take it back with --cancel`,
        );
      await delay(pause);
    }
  }

  async #waiting(context: string, count: number): Promise<number> {
    let waiting = 0;
    for (let n = 0; n < count; n++)
      waiting += (await this.session.queue(this.topology.queue(context, count, n)))?.ready ?? 0;
    return waiting;
  }

  async #bind(context: string, count: number): Promise<void> {
    this.tell({ step: 'bind', done: 0, of: count });
    await declareQueues(this.session.model, this.topology, context, count);
    await bindQueues(this.session.model, this.topology, context, count);
    this.tell({ step: 'bind', done: count, of: count });
  }

  /** Once the workers have turned to the new ones. */
  async #remove(context: string, count: number, signal: AbortSignal): Promise<void> {
    for (let n = 0; n < count; n++) {
      const name = this.topology.queue(context, count, n);
      for (;;) {
        const seen = await this.session.queue(name);
        if (!seen) break;
        if (seen.ready > 0)
          throw new CannotRepartition(
            `${name} has ${seen.ready} messages again, so somebody else publishes to it: find out who, and empty it before you call this again`,
          );
        if (seen.consumers === 0) {
          await this.session.deleteQueue(name);
          break;
        }
        if (signal.aborted)
          throw new CannotRepartition(
            `${context} has its new partitions, but ${name} still has a consumer: call this again to remove the old queues`,
          );
        await delay(pause);
      }
      this.tell({ step: 'remove', done: n + 1, of: count });
    }
    await this.database.query(removed, [context]);
  }
}
