import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import type { Database } from '../database/database.js';
import { DatabaseClosed } from '../database/errors.js';
import { insist } from '../engine/insist.js';
import type { Checkpoints } from '../event-log/checkpoints.js';
import { compareCursors, type LogCursor } from '../event-log/cursor.js';
import { inSameCluster } from '../event-log/era.js';
import type { LoggedEvent, LoggedEvents, LogReader } from '../event-log/log-reader.js';
import type { LogSignal } from '../event-log/log-signal.js';
import type { SharedLog } from '../event-log/shared-log.js';
import { failpoint } from '../failpoints/failpoint.js';
import { cloudEvent, type EventSeal } from '../messaging/cloud-event.js';
import { NotPublished } from '../messaging/command-publisher.js';
import type { EventPublisher } from '../messaging/event-publisher.js';
import { atMost } from '../resilience/at-most.js';
import type { EventQueues, Replay } from './event-queues.js';

export interface RelayParts {
  readonly database: Database;
  readonly reader: LogReader;
  /** What the followers of a process read together; without it, the relay reads for itself. */
  readonly log?: SharedLog;
  readonly checkpoints: Checkpoints;
  readonly signal: LogSignal;
  readonly publisher: EventPublisher;
  readonly seal: EventSeal;
  readonly queues: EventQueues;
}

/** Giving up waits so long, in milliseconds, for a database that does not answer; what it still does then, does no harm. */
const patience = 2_000;
const checkpoint = 'relay';
const batch = 4_000;
/** Pauses between looks at a log that has nothing new, in milliseconds. */
const rest = { first: 10, most: 1_000 };
/** How often, in milliseconds, it looks whether anything waits. */
const lookEvery = 1_000;
/** Milliseconds between two looks for queues that are to be filled again. */
const lookForReplays = 1_000;
/** Events that wait so long, in seconds, although the broker is there, are worth a warning. */
const stalled = 10;

type Publish = (event: LoggedEvent) => Promise<void>;

/**
 * Publishes the log's public events in the order of its cursor, with one unconfirmed event of a stream at a time. What it
 * published and did not record is published again: subscribers see every event at least once, and first deliveries of a
 * stream in order.
 */
export class Relay {
  readonly #log = new Logger(Relay.name);
  #stopped = false;
  #running: Promise<void> | undefined;
  #lag = 0;
  #warned = false;
  #looked = 0;
  #lookedForReplays = -Infinity;

  constructor(private readonly parts: RelayParts) {}

  async open(): Promise<void> {
    this.#running = this.#run().catch((error: unknown) => {
      if (!(error instanceof DatabaseClosed))
        this.#log.error({ message: `the relay stops: ${String(error)}`, stack: (error as Error).stack });
      this.#stopped = true;
    });
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.parts.signal.wake();
    await atMost(patience, this.#running);
  }

  get closed(): boolean {
    return this.#stopped;
  }

  /** Age of the oldest event that it has not published, in seconds, as seen when it last had nothing to do. */
  get lag(): number {
    return this.#lag;
  }

  async #run(): Promise<void> {
    const { database, checkpoints, publisher, signal } = this.parts;
    await this.#sameCluster();
    let cursor = await insist(database, () => checkpoints.read(checkpoint));
    for (let pause = rest.first; !this.#stopped;) {
      const heard = signal.rung;
      const { events, full } = await this.#next(cursor, await this.#replay(cursor));
      const before = cursor;
      const done = await this.#publish(events, (event) => this.#send(event, before));
      const last = events[done - 1];
      if (last) {
        await failpoint('relay.before_checkpoint');
        const moved = await insist(database, () => checkpoints.advance(checkpoint, cursor, last.cursor));
        // Another relay may be at work for a moment: where it stands counts.
        cursor = moved ? last.cursor : await insist(database, () => checkpoints.read(checkpoint));
        pause = rest.first;
      }
      if (done === events.length && full) continue;
      if (done < events.length) await delay(publisher.ready ? 50 : 500);
      else if (await this.#rested(cursor, pause, heard)) {
        // What was told of may lie above the horizon for a moment yet.
        pause = rest.first;
        continue;
      }
      pause = Math.min(pause * 2, rest.most);
    }
  }

  /** @param alone what others have read is not new enough */
  async #next(cursor: LogCursor, alone: boolean): Promise<LoggedEvents> {
    const { database, reader, log } = this.parts;
    const stretch = alone ? undefined : await insist(database, async () => log?.beyond(cursor));
    if (!log || !stretch) return insist(database, () => reader.beyond(cursor, batch));
    await insist(database, () => log.open(stretch.events.filter(({ metadata }) => !metadata.private)));
    return { events: stretch.events.map(({ logged }) => logged), full: stretch.full };
  }

  /** In a cluster that the log was restored into, its order is not to be trusted before a new era has begun. */
  async #sameCluster(): Promise<void> {
    const { database, signal } = this.parts;
    for (let told = false; !this.#stopped && !(await insist(database, () => inSameCluster(database)));) {
      if (!told)
        this.#log.error({
          message:
            'no events are relayed: this database was restored into another Postgres cluster, where transaction ids begin anew. Run "npm run cli -- log new-era" once; the relay then goes on by itself.',
        });
      told = true;
      await signal.within(1_000);
    }
  }

  /** @returns whether it was woken: there may be something new */
  async #rested(cursor: LogCursor, pause: number, heard: number): Promise<boolean> {
    const woken = await this.parts.signal.within(pause, heard);
    if (!this.#stopped && performance.now() - this.#looked >= lookEvery) await this.#look(cursor);
    return woken;
  }

  /** Looks whether events wait although it has published all that it can see. */
  async #look(cursor: LogCursor): Promise<void> {
    this.#looked = performance.now();
    const waiting = await insist(this.parts.database, () => this.parts.reader.waiting(cursor));
    this.#lag = waiting?.age ?? 0;
    if (this.#lag < stalled) this.#warned = false;
    else if (!this.#warned) {
      this.#warned = true;
      const who = waiting?.pid ? `server process ${waiting.pid} (${waiting.application_name})` : 'a transaction';
      this.#log.warn({
        message: `events have waited for ${Math.round(this.#lag)} s to be relayed: ${who} has been writing for as long. If it hangs, end it with pg_terminate_backend.`,
      });
    }
  }

  /** @returns how many events from the first on are published, all of them in turn with the others of their stream */
  async #publish(events: readonly LoggedEvent[], publish: Publish): Promise<number> {
    const streams = Map.groupBy(
      events.map((event, index) => ({ event, index })),
      ({ event }) => `${event.stream_type} ${event.stream_id}`,
    );
    let good = events.length;
    await Promise.all(
      [...streams.values()].map(async (stream) => {
        for (const { event, index } of stream) {
          // A later one of the stream must not overtake it.
          if (!(await this.#published(event, publish))) {
            good = Math.min(good, index);
            return;
          }
        }
      }),
    );
    return good;
  }

  async #published(event: LoggedEvent, publish: Publish): Promise<boolean> {
    if (event.metadata.private) return true;
    if (this.#stopped) return false;
    try {
      await publish(event);
      return true;
    } catch (error) {
      if (error instanceof NotPublished) return false;
      throw error;
    }
  }

  /** @param before up to where everything has been published: streams overtake each other within a page */
  #send(event: LoggedEvent, before: LogCursor): Promise<void> {
    return this.parts.publisher.publish(this.parts.seal.seal(cloudEvent(event), before));
  }

  /**
   * Queues that were lost get again what they may have held, up to where the relay stands; only then are they bound.
   * @returns whether there was any: the relay before may have published more since, all of which is to be published again
   */
  async #replay(until: LogCursor): Promise<boolean> {
    const { database, queues, publisher, checkpoints } = this.parts;
    if (performance.now() - this.#lookedForReplays < lookForReplays) return false;
    this.#lookedForReplays = performance.now();
    const replays = await insist(database, () => queues.replays());
    for (const replay of replays) {
      // What could not be done yet is tried again soon.
      this.#lookedForReplays = -Infinity;
      if (this.#stopped || !(await this.#replayed(replay, until))) break;
      // Another relay that has moved on meanwhile has published to a queue that was not bound yet: it shall fill it.
      const now = await insist(database, () => checkpoints.read(checkpoint));
      if (compareCursors(now, until) > 0) break;
      await publisher.bind(replay.context, replay.types);
      await insist(database, () => queues.replayed(replay));
      this.#log.warn({ message: `the event queue of ${replay.context} was missing, and has been filled again` });
    }
    return replays.length > 0;
  }

  async #replayed({ context, types, from }: Replay, until: LogCursor): Promise<boolean> {
    const { database, reader, publisher, seal } = this.parts;
    for (let cursor = from; compareCursors(cursor, until) < 0;) {
      const found = await insist(database, () => reader.beyond(cursor, batch));
      const events = found.events.filter((event) => compareCursors(event.cursor, until) <= 0);
      if (events.length === 0) break;
      const before = cursor;
      const done = await this.#publish(events, async (event) => {
        if (types.includes(event.type)) await publisher.publishTo(context, seal.seal(cloudEvent(event), before));
      });
      if (done < events.length) return false;
      cursor = (events.at(-1) as LoggedEvent).cursor;
    }
    return true;
  }
}
