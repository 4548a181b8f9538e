import { describe, expect, it } from '@jest/globals';

import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';

import type { HeldPartition } from '../engine/engine.js';
import { Metrics } from './metrics.js';
import { WorkerGauges } from './worker-gauges.js';

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

const held = (n: number, more: Partial<HeldPartition> = {}): HeldPartition => ({
  key: { context: 'tasks', count: 8, n },
  running: 0,
  waiting: 0,
  oldest: undefined,
  oldestParked: undefined,
  ...more,
});

async function series(partitions: readonly HeldPartition[], database = new SwitchableDatabase()) {
  const metrics = new Metrics('worker', '1');
  const worker = {
    metrics,
    gauges: new WorkerGauges(metrics, {
      database,
      source: { ready: true },
      replies: { connected: true, blocked: true },
      engine: { partitions },
      contexts: ['tasks', 'labour'],
      following: { held: [{ projection: 'tasks.task_summary', lag: 1.5, stopped: true }] },
    }),
  };
  const lines = (await worker.metrics.text()).split('\n').filter((line) => line.startsWith('contextflow_'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('A worker', () => {
  it('tells which partitions it holds, and what it has in hand', async () => {
    const seen = await series([held(0, { running: 2, waiting: 5 }), held(3, { running: 1 })]);
    expect(seen.get('contextflow_partitions_held{context="tasks"}')).toBe(2);
    expect(seen.get('contextflow_partitions_held{context="labour"}')).toBe(0);
    expect(seen.get('contextflow_commands_in_flight{state="running"}')).toBe(3);
    expect(seen.get('contextflow_commands_in_flight{state="waiting"}')).toBe(5);
  });

  it('tells how old the oldest command of a partition is, delivered or parked', async () => {
    const seen = await series([held(0, { oldest: ago(400), oldestParked: ago(7200) }), held(1)]);
    const age = (partition: number, place: string) =>
      seen.get(`contextflow_partition_oldest_age_seconds{context="tasks",partition="${partition}",place="${place}"}`);
    expect(age(0, 'delivered')).toBeCloseTo(400, -1);
    expect(age(0, 'parked')).toBeCloseTo(7200, -1);
    expect(age(1, 'delivered')).toBe(0);
    expect(age(1, 'parked')).toBeUndefined();
  });

  it('tells how late the projections are that it keeps, and which of them have stopped', async () => {
    const seen = await series([]);
    expect(seen.get('contextflow_projection_lag_seconds{projection="tasks.task_summary"}')).toBe(1.5);
    expect(seen.get('contextflow_projection_stopped{projection="tasks.task_summary"}')).toBe(1);
  });

  it('tells which servers answer it, and how its pool stands', async () => {
    const away = new SwitchableDatabase();
    away.down();
    const seen = await series([], away);
    expect(seen.get('contextflow_up{dependency="postgres"}')).toBe(0);
    expect(seen.get('contextflow_up{dependency="rabbitmq"}')).toBe(1);
    expect(seen.get('contextflow_broker_blocked{connection="replies"}')).toBe(1);
    expect(seen.get('contextflow_broker_blocked{connection="deliveries"}')).toBe(0);
    expect(seen.get('contextflow_database_pool_size')).toBe(1);
    expect(seen.get('contextflow_database_pool_connections{state="busy"}')).toBe(0);
  });
});
