import type { Database } from '../database/database.js';
import {
  DatabaseClosed,
  DatabaseUnavailable,
  isInfrastructure,
  isTransient,
  OutcomeUnknown,
  violatedConstraint,
} from '../database/errors.js';
import { failpoint } from '../failpoints/failpoint.js';
import type { Outcome } from '../messaging/outcome.js';
import type { EngineMetrics } from '../observability/engine-metrics.js';
import { StaleUnits, type GroupCommit, type Written } from './group-commit.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * What became of a unit of work.
 * - `conflict`: its stream has changed since it was loaded; the handler must run again.
 * - `violation`: a unique constraint does not let it in.
 * - `failed`: the database does not take it, though it takes others.
 */
export type Verdict =
  | Written
  | { readonly verdict: 'conflict' }
  | { readonly verdict: 'violation'; readonly constraint: string }
  | { readonly verdict: 'failed'; readonly error: unknown };

interface Queued {
  readonly unit: UnitOfWork;
  readonly settle: (verdict: Verdict) => void;
  /** How often it met an infrastructure error alone while the database answered. */
  suspicion: number;
}

const mostUnits = 1000;
const mostSuspicion = 3;

/**
 * Commits finished units of work in groups. There is no timer: whenever the committer is free it takes all that have
 * finished meanwhile. An idle system commits a command at once, a busy one many together.
 */
export class Committer {
  #queue: Queued[] = [];
  #busy = false;

  constructor(
    private readonly database: Database,
    private readonly group: GroupCommit,
    private readonly metrics?: EngineMetrics,
  ) {}

  /** Resolves once the unit's end is known, however long the database is away. */
  commit(unit: UnitOfWork): Promise<Verdict> {
    return new Promise((settle) => {
      this.#queue.push({ unit, settle, suspicion: 0 });
      if (!this.#busy) this.#run().catch(unlessClosed);
    });
  }

  /** How a command ended, if it did. */
  async outcomeOf(id: string): Promise<Outcome | undefined> {
    return (await this.group.outcomes([id])).get(id);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    // Units that finish in the same turn of the event loop should share a group.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) await this.#write(this.#take());
    this.#busy = false;
  }

  /** At most one unit of a command and one of a lane: the later one must see what the first has made. */
  #take(): Queued[] {
    const taken: Queued[] = [];
    const left: Queued[] = [];
    const seen = new Set<string>();
    let looked = 0;
    for (const queued of this.#queue) {
      if (taken.length === mostUnits) break;
      looked++;
      const { id, context, lane } = queued.unit.envelope;
      const inContext = `${context} ${lane}`;
      if (seen.has(id) || seen.has(inContext)) left.push(queued);
      else taken.push(queued);
      seen.add(id).add(inContext);
    }
    this.#queue = left.concat(this.#queue.slice(looked));
    return taken;
  }

  async #write(units: readonly Queued[]): Promise<void> {
    for (let left = units; left.length > 0;) {
      try {
        await failpoint('engine.before_commit', left[0]?.unit.envelope.id);
        const began = performance.now();
        const written = await this.group.write(left.map(({ unit }) => unit));
        this.metrics?.committed(left.length, (performance.now() - began) / 1000);
        await failpoint('engine.after_commit', left[0]?.unit.envelope.id);
        for (const { unit, settle } of left) {
          const end = written.get(unit) as Written;
          if (end.verdict === 'stored') this.metrics?.settled(unit.envelope, end.outcome.status);
          else this.metrics?.duplicate();
          settle(end);
        }
        return;
      } catch (error) {
        left = await this.#recover(error, left);
      }
    }
  }

  /** @returns the units that are to be written again, together */
  async #recover(error: unknown, units: readonly Queued[]): Promise<readonly Queued[]> {
    if (error instanceof OutcomeUnknown) {
      this.metrics?.setback('unknown');
      return this.#readBack(units);
    }
    if (error instanceof StaleUnits) {
      this.metrics?.setback('conflict');
      for (const { unit, settle } of units) if (error.units.has(unit)) settle({ verdict: 'conflict' });
      return units.filter(({ unit }) => !error.units.has(unit));
    }
    if (isTransient(error)) {
      this.metrics?.setback('transient');
      return units;
    }
    if (isInfrastructure(error)) {
      // An outage is a probe that fails. Otherwise the error belongs to one of the units.
      if (error instanceof DatabaseUnavailable || !(await this.database.probe())) {
        this.metrics?.setback('outage');
        await this.database.whenReachable();
        return units;
      }
      const [alone] = units;
      if (units.length === 1 && alone && ++alone.suspicion < mostSuspicion) return units;
    }
    if (units.length > 1) {
      this.metrics?.setback('halved');
      const half = Math.ceil(units.length / 2);
      await this.#write(units.slice(0, half));
      return units.slice(half);
    }
    const constraint = violatedConstraint(error)?.constraint;
    this.metrics?.setback(
      constraint === 'events_stream_version' ? 'conflict' : constraint === undefined ? 'failed' : 'violation',
    );
    if (constraint === 'events_stream_version') units[0]?.settle({ verdict: 'conflict' });
    else if (constraint) units[0]?.settle({ verdict: 'violation', constraint });
    else units[0]?.settle({ verdict: 'failed', error });
    return [];
  }

  /** Found: it was committed, treat it as a copy. Not found: commit again, through the inbox. */
  async #readBack(units: readonly Queued[]): Promise<readonly Queued[]> {
    for (;;) {
      await this.database.whenReachable();
      try {
        const outcomes = await this.group.outcomes(units.map(({ unit }) => unit.envelope.id));
        return units.filter(({ unit, settle }) => {
          const outcome = outcomes.get(unit.envelope.id);
          // Almost always this commit's own work, which nobody has counted yet.
          if (outcome) this.metrics?.settled(unit.envelope, outcome.status);
          if (outcome) settle({ verdict: 'duplicate', outcome });
          return !outcome;
        });
      } catch (error) {
        if (!isInfrastructure(error)) throw error;
      }
    }
  }
}

/** At the end of the process units may be left unsettled: the broker hands their messages to another worker. */
function unlessClosed(error: unknown): void {
  if (!(error instanceof DatabaseClosed)) throw error;
}
