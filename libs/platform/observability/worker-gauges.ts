import type { Database } from '../database/database.js';
import type { HeldPartition } from '../engine/engine.js';
import type { Metrics } from './metrics.js';
import { serverGauges, type BrokerConnection } from './server-gauges.js';

export interface WorkerSources {
  readonly database: Database;
  readonly source: { readonly ready: boolean };
  readonly replies: BrokerConnection;
  readonly engine: { readonly partitions: readonly HeldPartition[] };
  /** Names of the contexts that the worker serves. */
  readonly contexts: readonly string[];
  readonly following: {
    readonly held: readonly { readonly projection: string; readonly lag: number; readonly stopped: boolean }[];
  };
}

/** What a worker reads of itself at a scrape. It asks no server but for a sign of life. */
export class WorkerGauges {
  constructor(metrics: Metrics, { database, source, replies, engine, contexts, following }: WorkerSources) {
    serverGauges(metrics, database, {
      deliveries: {
        get connected() {
          return source.ready;
        },
        blocked: false,
      },
      replies,
    });

    metrics.gauge(
      { name: 'contextflow_partitions_held', help: 'Partitions that this worker consumes.', labels: ['context'] },
      () =>
        contexts.map((context) => ({
          labels: { context },
          value: engine.partitions.filter(({ key }) => key.context === context).length,
        })),
    );
    metrics.gauge(
      {
        name: 'contextflow_commands_in_flight',
        help: 'Commands that this worker has in hand: running, or waiting for the one before in their lane.',
        labels: ['state'],
      },
      () =>
        (['running', 'waiting'] as const).map((state) => ({
          labels: { state },
          value: engine.partitions.reduce((sum, partition) => sum + partition[state], 0),
        })),
    );
    metrics.gauge(
      {
        name: 'contextflow_partition_oldest_age_seconds',
        help:
          'Time since the acceptance of the oldest command that is not settled: delivered (0 when there is none), or ' +
          'parked at the head of its lane and not dead (absent when there is none).',
        labels: ['context', 'partition', 'place'],
      },
      () => engine.partitions.flatMap(ages),
    );
    metrics.gauge(
      {
        name: 'contextflow_projection_lag_seconds',
        help: 'Age of the oldest event that an asynchronous projection of this worker has not read; 0 when there is none.',
        labels: ['projection'],
      },
      () => following.held.map(({ projection, lag }) => ({ labels: { projection }, value: lag })),
    );
    metrics.gauge(
      {
        name: 'contextflow_projection_stopped',
        help: 'Whether an asynchronous projection of this worker has stopped at an event that it cannot show (1).',
        labels: ['projection'],
      },
      () => following.held.map(({ projection, stopped }) => ({ labels: { projection }, value: Number(stopped) })),
    );
  }
}

function ages({ key, oldest, oldestParked }: HeldPartition): { labels: Record<string, string>; value: number }[] {
  const labels = { context: key.context, partition: String(key.n) };
  const delivered = { labels: { ...labels, place: 'delivered' }, value: oldest ? since(oldest) : 0 };
  return oldestParked
    ? [delivered, { labels: { ...labels, place: 'parked' }, value: since(oldestParked) }]
    : [delivered];
}

const since = (moment: Date): number => Math.max(0, (Date.now() - moment.getTime()) / 1000);
