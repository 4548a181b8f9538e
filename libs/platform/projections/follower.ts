import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import type { Projection } from '#kernel';

import type { Database } from '../database/database.js';
import { CommitRefused, DatabaseClosed, isInfrastructure, isTransient, OutcomeUnknown } from '../database/errors.js';
import type { Held } from '../engine/engine.js';
import { Gate } from '../engine/gate.js';
import { insist } from '../engine/insist.js';
import { Checkpoints } from '../event-log/checkpoints.js';
import type { LogCursor } from '../event-log/cursor.js';
import { inSameCluster } from '../event-log/era.js';
import { LazyCheckpoints, type LazyCheckpoint } from '../event-log/lazy-checkpoints.js';
import type { LogSignal } from '../event-log/log-signal.js';
import { SharedLog } from '../event-log/shared-log.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { Privacy } from '../privacy/privacy.js';
import { atMost } from '../resilience/at-most.js';
import { addressed, CannotFold, folded, placeOf, type Addressed } from './fold-events.js';
import { LogPages, UnknownVersion, type LogPage } from './log-pages.js';
import type { ProjectionStates } from './projection-states.js';
import { ReadModelTable } from './read-model-table.js';
import { SharedPages, type SharedPage } from './shared-pages.js';

export interface FollowerParts {
  readonly database: Database;
  readonly privacy: Privacy;
  readonly states: ProjectionStates;
  readonly signal: LogSignal;
  /** What the followers of a process read together; without it, each reads for itself. */
  readonly log?: SharedLog;
  readonly checkpoints?: LazyCheckpoints;
  /** What is between it and the commands of its process. */
  readonly gate?: Gate;
}

/** Another runner has moved the checkpoint. */
class Overtaken extends Error {}

/** Giving up waits so long, in milliseconds, for what is being written. */
const patience = 2_000;
const batch = 4_000;
/** Pauses between looks at a log that has nothing new, in milliseconds. */
const rest = { first: 10, most: 1_000 };
/** Milliseconds from one look to the next while there is something new at each: under load more is written at a time. */
const breath = 25;
const lookEvery = 1_000;

/**
 * Keeps an asynchronous read model by following the log. Rows and checkpoint are written in one transaction that begins by
 * moving the checkpoint from where it was believed to stand: two runners wait for each other, and one of them begins again.
 * A crash of the server may take such a transaction back, rows and checkpoint together: they are folded again. Where there
 * is nothing to write, the checkpoint follows a moment later.
 */
export class Follower implements Held {
  readonly #logger: Logger;
  readonly #pages: LogPages;
  readonly #shared: SharedPages;
  readonly #log: SharedLog;
  readonly #table: ReadModelTable;
  readonly #checkpoint: LazyCheckpoint;
  readonly #gate: Gate;
  #closing = false;
  #running: Promise<void> | undefined;
  #stopped = false;
  #lag = 0;
  #looked = -Infinity;
  #trusted = false;
  #told: string | undefined;

  constructor(
    private readonly parts: FollowerParts,
    readonly projection: Projection,
  ) {
    const { database, privacy } = parts;
    this.#logger = new Logger(`${Follower.name} ${projection.name}`);
    this.#pages = new LogPages(projection, privacy);
    this.#log = parts.log ?? new SharedLog(database, parts.signal, privacy);
    this.#shared = new SharedPages(projection, this.#log);
    this.#table = new ReadModelTable(database, projection);
    this.#gate = parts.gate ?? new Gate();
    this.#checkpoint = (parts.checkpoints ?? new LazyCheckpoints(database)).of(projection.name);
  }

  async open(): Promise<void> {
    this.#running = this.#run().catch((error: unknown) => {
      if (!(error instanceof DatabaseClosed))
        this.#logger.error({ message: `it stops following the log: ${String(error)}`, stack: (error as Error).stack });
      this.#closing = true;
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.parts.signal.wake();
    await atMost(patience, this.#running);
  }

  get closed(): boolean {
    return this.#closing;
  }

  /** Age of the oldest event that it has not read, in seconds, as seen about a second ago. */
  get lag(): number {
    return this.#lag;
  }

  /** It has met an event that it cannot show, and waits for an operator. */
  get stopped(): boolean {
    return this.#stopped;
  }

  async #run(): Promise<void> {
    const { database, states, signal } = this.parts;
    await insist(database, () => states.register(this.projection));
    let cursor = await this.#whereItStands();
    for (let pause = rest.first, limit = batch, alone = false; !this.#closing;) {
      const heard = signal.rung;
      const began = performance.now();
      await this.#look(cursor);
      if (!(await this.#mayGoOn())) {
        await signal.within(rest.most);
        cursor = await this.#whereItStands();
        continue;
      }
      const page = await this.#next(cursor, limit, alone);
      const read = await this.#taken(page, cursor, limit);
      if (read.retry !== undefined || this.#checkpoint.doubtful) {
        limit = read.retry ?? batch;
        alone = true;
        cursor = await this.#whereItStands();
        continue;
      }
      limit = batch;
      alone = false;
      cursor = read.cursor;
      if (page.full) continue;
      if (page.end) {
        pause = rest.first;
        await delay(Math.max(0, began + breath - performance.now()));
      }
      // What was told of may lie above the horizon for a moment yet.
      if (await signal.within(pause, heard)) pause = rest.first;
      else pause = Math.min(pause * 2, rest.most);
    }
    await this.#checkpoint.flush();
  }

  #whereItStands(): Promise<LogCursor> {
    return insist(this.parts.database, () => this.#checkpoint.read());
  }

  /** Whoever has had trouble, or lies behind the others, reads for himself. */
  async #next(cursor: LogCursor, limit: number, alone: boolean): Promise<LogPage | SharedPage> {
    const { database } = this.parts;
    const shared = alone ? undefined : await insist(database, () => this.#shared.beyond(cursor));
    return shared ?? insist(database, () => this.#pages.settled(database, cursor, limit));
  }

  /** Whether nobody has stopped it, and the log's order can be trusted. */
  async #mayGoOn(): Promise<boolean> {
    const { database, states } = this.parts;
    if (this.#stopped || !this.#trusted) {
      const state = await insist(database, () => states.state(this.projection.name));
      this.#stopped = state?.state === 'stopped';
      // The relay, which follows the same log, says what is to be done where it is not.
      this.#trusted = await insist(database, () => inSameCluster(database));
    }
    return this.#trusted && !this.#stopped;
  }

  /** @returns where it stands then, or with how many events at a time it is to be tried again */
  async #taken(
    page: LogPage | SharedPage,
    from: LogCursor,
    limit: number,
  ): Promise<{ readonly cursor: LogCursor; readonly retry?: number }> {
    if (!page.end) return { cursor: from };
    try {
      const { end } = page;
      await this.#gate.beside(() => this.#write(page, end));
      this.#told = undefined;
      return { cursor: page.end };
    } catch (error) {
      const doubtful = error instanceof OutcomeUnknown || error instanceof CommitRefused;
      if (error instanceof Overtaken || isTransient(error) || doubtful) return { cursor: from, retry: limit };
      if (isInfrastructure(error)) {
        await this.#outage();
        return { cursor: from, retry: limit };
      }
      if ('shared' in page) return { cursor: from, retry: limit };
      if (error instanceof UnknownVersion) return { cursor: from, retry: await this.#waitForNewer(error, page, limit) };
      // What comes before the event that it is about is shown all the same.
      if (page.scanned > 1) return { cursor: from, retry: Math.max(1, Math.floor(page.scanned / 2)) };
      await this.#stop(error, page);
      return { cursor: from, retry: batch };
    }
  }

  /** One transaction: the checkpoint, the rows that there are, the rows as they are to be. */
  async #write(page: LogPage, to: LogCursor): Promise<void> {
    const { projection } = this;
    const events: readonly Addressed[] = addressed(projection, page.events);
    if (events.length === 0 && this.#checkpoint.later(to)) return;
    const from = await this.#checkpoint.settled();
    await this.parts.database.transaction(async (transaction) => {
      const moving = new Checkpoints(transaction).advance(projection.name, from, to);
      const reading = this.#table.rows(transaction, [...new Set(events.map(({ id }) => id))]);
      reading.catch(() => undefined);
      if (!(await moving)) throw new Overtaken();
      if (events.length === 0) return;
      await this.#table.write(transaction.unawaited, folded(projection, await reading, events));
      await failpoint('projection.before_commit', projection.name);
    });
    this.#checkpoint.moved(to);
  }

  async #outage(): Promise<void> {
    const { database } = this.parts;
    if (await database.probe()) await delay(100);
    else await database.whenReachable();
  }

  /** A worker of the newer release will take it; what comes before is shown all the same. */
  async #waitForNewer(error: UnknownVersion, page: LogPage, limit: number): Promise<number> {
    if (page.scanned > 1) return Math.max(1, Math.floor(page.scanned / 2));
    if (this.#told !== error.message) this.#logger.warn({ message: `${this.projection.name} waits: ${error.message}` });
    this.#told = error.message;
    await this.parts.signal.within(rest.most);
    return limit;
  }

  async #stop(error: unknown, { events }: LogPage): Promise<void> {
    const { database, states } = this.parts;
    const { name } = this.projection;
    const event = error instanceof CannotFold ? error.event : events[0];
    const place = event && placeOf(event);
    const message = error instanceof Error ? error.message : String(error);
    this.#stopped = true;
    this.#logger.error({
      message: `${name} has stopped at ${place}: ${message}. Everything else goes on. Deploy what puts it right, and run "npm run cli -- projections resume ${name}".`,
      event: event?.meta.id,
      stack: (error as Error).stack,
    });
    await insist(database, () => states.stop(name, message, event && { id: event.meta.id, place: place as string }));
  }

  async #look(cursor: LogCursor): Promise<void> {
    if (performance.now() - this.#looked < lookEvery) return;
    this.#looked = performance.now();
    const { database } = this.parts;
    this.#lag = (await insist(database, () => this.#log.waiting(cursor)))?.age ?? 0;
  }
}
