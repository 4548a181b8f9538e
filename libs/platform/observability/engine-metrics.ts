import type { Metrics } from './metrics.js';
import { remembered } from './remembered.js';

/**
 * Why a group of commands did not commit at the first try.
 * - `halved`: somebody in it was not let in; it was tried again in two parts.
 * - `conflict`: a stream had changed since it was read.
 * - `violation`: a unique constraint.
 * - `failed`: the database did not take a unit that stood alone.
 * - `transient`: a deadlock or a serialisation failure; written again.
 * - `outage`: the database was away.
 * - `unknown`: the connection was lost during COMMIT; the outcomes were read back.
 */
export type Setback = (typeof setbacks)[number];

const setbacks = ['halved', 'conflict', 'violation', 'failed', 'transient', 'outage', 'unknown'] as const;
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What a worker's engine counts while it works. */
export class EngineMetrics {
  readonly #settled;
  readonly #duplicates;
  readonly #age;
  readonly #handling;
  readonly #faults;
  readonly #parked;
  readonly #groupSize;
  readonly #commit;
  readonly #setbacks;

  constructor(metrics: Metrics) {
    const settled = metrics.counter({
      name: 'contextflow_commands_settled_total',
      help: 'Commands whose outcome this worker has committed.',
      labels: ['type', 'status'],
    });
    this.#settled = remembered((type) => remembered((status) => settled.labels(type, status)));
    this.#duplicates = metrics.counter({
      name: 'contextflow_command_duplicates_total',
      help: 'Commands that came again after they had been settled, or whose Idempotency-Key another command had won.',
    });
    const age = metrics.histogram({
      name: 'contextflow_command_settlement_seconds',
      help: 'Time from the acceptance of a command to its settlement, by the clocks of API and worker.',
      labels: ['context'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
    });
    this.#age = remembered((context) => age.labels(context));
    const handling = metrics.histogram({
      name: 'contextflow_command_handling_seconds',
      help: 'Time that a command is worked on: from its first load to its commit, all tries included.',
      labels: ['type'],
      buckets: durations,
    });
    this.#handling = remembered((type) => handling.labels(type));
    const faults = metrics.counter({
      name: 'contextflow_command_faults_total',
      help: 'Runs of a handler that ended in a fault. Three faults park the command.',
      labels: ['type'],
    });
    this.#faults = remembered((type) => faults.labels(type));
    const parked = metrics.counter({
      name: 'contextflow_commands_parked_total',
      help: 'Commands that this worker has parked, or put back after another try, by the state they were left in.',
      labels: ['context', 'state'],
    });
    this.#parked = remembered((context) => remembered((state) => parked.labels(context, state)));
    this.#groupSize = metrics.histogram({
      name: 'contextflow_commit_group_size',
      help: 'Commands that were committed together.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    });
    this.#commit = metrics.histogram({
      name: 'contextflow_commit_duration_seconds',
      help: 'Time of a group commit, from taking a connection to the answer to COMMIT.',
      buckets: durations,
    });
    const setback = metrics.counter({
      name: 'contextflow_commit_setbacks_total',
      help: 'Why groups did not commit at the first try.',
      labels: ['kind'],
    });
    this.#setbacks = remembered((kind) => setback.labels(kind));
    for (const kind of setbacks) this.#setbacks(kind).inc(0);
  }

  settled({ type, context, acceptedAt }: { type: string; context: string; acceptedAt: Date }, status: string): void {
    this.#settled(type)(status).inc();
    // Two machines' clocks: a little before its acceptance is at once.
    this.#age(context).observe(Math.max(0, (Date.now() - acceptedAt.getTime()) / 1000));
  }

  duplicate(): void {
    this.#duplicates.inc();
  }

  handled(type: string, seconds: number): void {
    this.#handling(type).observe(seconds);
  }

  fault(type: string): void {
    this.#faults(type).inc();
  }

  parked(context: string, state: string): void {
    this.#parked(context)(state).inc();
  }

  committed(size: number, seconds: number): void {
    this.#groupSize.observe(size);
    this.#commit.observe(seconds);
  }

  setback(kind: Setback): void {
    this.#setbacks(kind).inc();
  }
}
