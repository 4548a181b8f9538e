import { setTimeout as delay } from 'node:timers/promises';

import type { Projection } from '#kernel';

import type { Database, Statement, Transaction } from '../database/database.js';
import { isTransient, sqlState } from '../database/errors.js';
import { Gate } from '../engine/gate.js';
import { beginning, type LogCursor } from '../event-log/cursor.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { Privacy } from '../privacy/privacy.js';
import { addressed, folded } from './fold-events.js';
import { LogPages, type LogPage } from './log-pages.js';
import { PagesAhead } from './pages-ahead.js';
import type { ProjectionStates, RebuildRun } from './projection-states.js';
import { ReadModelTable } from './read-model-table.js';
import { ShadowTable } from './shadow-table.js';

export interface RebuildParts {
  readonly database: Database;
  readonly privacy: Privacy;
  readonly states: ProjectionStates;
  /** What is between it and the commands of its process. */
  readonly gate?: Gate;
}

/** `taken`: another worker is at it. `stopped`: this worker gives it up, and another one goes on. */
export type RebuildEnd = 'done' | 'taken' | 'stopped';

/** Another worker has taken it over. */
class Taken extends Error {}
/** There was more left than can be done while writers wait. */
class NotYet extends Error {}

const batch = 5_000;
/** So few events are left when writers are asked to wait. */
const few = 500;
/** Milliseconds: writers wait for the exchange no longer than this, and the exchange no longer than that for them. */
const hold = { longest: 700, lock: 300 };
const between = { first: 50, most: 2_000 };
const mostTries = 10;

const patient: Statement = {
  name: 'rebuild_patience',
  text: `select set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)`,
};
const checkpoint: Statement = {
  name: 'rebuild_checkpoint_locked',
  text: 'select name from platform.checkpoints where name = $1 for update',
};
// What a crash of the server takes then are the last pages, with the progress that they made.
const unhurried: Statement = {
  name: 'rebuild_unhurried',
  text: `select set_config('synchronous_commit', 'off', true)`,
};
const follow: Statement = {
  name: 'rebuild_checkpoint_moved',
  text: `
    insert into platform.checkpoints (name, era, xid, position) values ($1, $2, $3::xid8, $4)
    on conflict (name) do update set era = excluded.era, xid = excluded.xid, position = excluded.position, moved_at = now()`,
};

/**
 * Builds a read model anew beside the live one and exchanges the two. Rows and progress are written in one transaction, so
 * that a rebuild whose worker died goes on where it was.
 */
export class Rebuild {
  readonly #projection: Projection;
  readonly #pages: LogPages;
  readonly #shadow: ShadowTable;
  readonly #table: ReadModelTable;
  readonly #gate: Gate;
  #cursor: LogCursor;
  #done: number;
  #stopped = false;
  #rate = 0;

  constructor(
    private readonly parts: RebuildParts,
    private readonly run: RebuildRun,
  ) {
    this.#projection = run.projection;
    this.#pages = new LogPages(run.projection, parts.privacy);
    this.#shadow = new ShadowTable(parts.database, run.projection);
    this.#table = new ReadModelTable(parts.database, run.projection, this.#shadow.name);
    this.#gate = parts.gate ?? new Gate();
    this.#cursor = run.from;
    this.#done = run.done;
  }

  /** Has it end soon. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Returns once the rows are exchanged.
   * @throws CannotFold, UnknownVersion, or what the database said
   */
  async toItsEnd(): Promise<RebuildEnd> {
    try {
      const resumed = await this.#resumed();
      if (!resumed) await this.#begin();
      await this.#fill(resumed && this.run.indexed);
      if (this.#stopped) return 'stopped';
      if (!(await this.parts.states.swapping(this.run))) return 'taken';
      await this.#complete();
      for (let pause = between.first; !this.#stopped; pause = Math.min(2 * pause, between.most)) {
        await this.#fill(true);
        if (await this.#gate.beside(() => this.#exchanged())) {
          await this.#shadow.validateReferrers();
          return 'done';
        }
        await delay(pause);
      }
      return 'stopped';
    } catch (error) {
      if (error instanceof Taken) return 'taken';
      throw error;
    }
  }

  /** Gives it up for good, and removes what has been built. */
  async fail(why: string): Promise<void> {
    await this.parts.database.transaction(async (transaction) => {
      if (await this.parts.states.fail(transaction, this.run, why)) await this.#shadow.drop(transaction);
    });
  }

  async #resumed(): Promise<boolean> {
    return this.run.resumable && (await this.#shadow.exists());
  }

  async #begin(): Promise<void> {
    await this.parts.database.transaction(async (transaction) => {
      if (!(await this.parts.states.begin(transaction, this.run))) throw new Taken();
      await this.#shadow.create(transaction);
    });
    this.#cursor = beginning;
    this.#done = 0;
  }

  /** What is unique in the end may not be so yet: rows change hands within moments, and the log's order is not theirs. */
  async #complete(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#shadow.complete();
      } catch (error) {
        if (sqlState(error) !== '23505' || tries === mostTries) throw error;
      }
      await delay(between.most);
      await this.#fill(true);
    }
  }

  /** Folds what is settled, until little is left. Pages to come are read while one is folded and written. */
  async #fill(indexed: boolean): Promise<void> {
    const ahead = (): PagesAhead =>
      new PagesAhead((after) => this.#pages.settled(this.parts.database, after, batch), this.#cursor);
    for (let pages = ahead(); ;) {
      const began = performance.now();
      const page = await pages.next();
      if (this.#stopped || !page.end) return;
      if (!(await this.#gate.beside(() => this.#written(page, indexed, began)))) pages = ahead();
      else if (indexed ? page.scanned < few : !page.full) return;
    }
  }

  /** @returns false when a unique row stood in the way of another, which what comes next may remove */
  async #written(page: LogPage, indexed: boolean, began: number): Promise<boolean> {
    const end = page.end as LogCursor;
    const rate = (): number => {
      const now = (1_000 * page.scanned) / Math.max(1, performance.now() - began);
      return this.#rate === 0 ? now : 0.8 * this.#rate + 0.2 * now;
    };
    try {
      await this.parts.database.transaction(async (transaction) => {
        await transaction.query(unhurried, []);
        await this.#advance(transaction, end, this.#done + page.scanned, rate());
        await this.#fold(transaction, page);
        await failpoint('rebuild.before_commit', this.#projection.name);
      });
    } catch (error) {
      if (sqlState(error) !== '23505' || !indexed) throw error;
      await delay(between.first);
      return false;
    }
    this.#rate = rate();
    this.#cursor = end;
    this.#done += page.scanned;
    return true;
  }

  async #fold(transaction: Transaction, page: LogPage): Promise<void> {
    const events = addressed(this.#projection, page.events);
    if (events.length === 0) return;
    const ids = new Set<string>();
    const fresh = new Set<string>();
    // A stream that begins here has no row yet; where another key groups events, nobody can tell.
    for (const { id, at } of events)
      if (!this.#projection.key && !ids.has(id) && at.meta.version === 1) fresh.add(id);
      else if (!fresh.has(id)) ids.add(id);
    const rows = await this.#table.rows(transaction, [...ids]);
    await this.#table.replace(transaction, rows, folded(this.#projection, rows, events));
  }

  /** @returns false when it is to be tried again: writers would have had to wait too long */
  async #exchanged(): Promise<boolean> {
    const { database, states } = this.parts;
    const { inline, name } = this.#projection;
    try {
      await database.transaction(async (transaction) => {
        await transaction.query(patient, [`${hold.lock}ms`, `${hold.longest}ms`]);
        await this.#advance(transaction, this.#cursor, this.#done, this.#rate);
        // Who follows the log takes its checkpoint first, and then the table.
        if (!inline) await transaction.query(checkpoint, [name]);
        await this.#shadow.holdWriters(transaction);
        const end = await this.#foldRest(transaction, performance.now() + hold.longest);
        await this.#shadow.replaceLive(transaction);
        if (!inline) {
          const { era, xid, position } = end;
          await transaction.query(follow, [name, era, xid, position]);
        }
        await failpoint('rebuild.before_exchange', name);
        if (!(await states.finish(transaction, this.run))) throw new Taken();
      });
      return true;
    } catch (error) {
      // 57014: a statement took longer than it may.
      if (error instanceof NotYet || sqlState(error) === '57014' || isTransient(error)) return false;
      throw error;
    }
  }

  /**
   * All that is left. Inline, it is whatever is committed: who writes the table waits, so nothing before that can come yet.
   * Otherwise it is what is settled, as the worker that follows the log will go on from there.
   * @returns where it ends
   */
  async #foldRest(transaction: Transaction, until: number): Promise<LogCursor> {
    const { inline } = this.#projection;
    for (let after = this.#cursor; ;) {
      const page = await this.#pages[inline ? 'visible' : 'settled'](transaction, after, batch);
      if (!page.end) return after;
      await this.#fold(transaction, page);
      if (performance.now() > until) throw new NotYet();
      after = page.end;
    }
  }

  async #advance(transaction: Transaction, to: LogCursor, done: number, rate: number): Promise<void> {
    const moved = await this.parts.states.advance(transaction, this.run, this.#cursor, to, done, rate);
    if (!moved) throw new Taken();
  }
}
