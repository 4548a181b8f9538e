import { beforeEach, describe, expect, it } from '@jest/globals';

import { Box } from '#testing/doubles/boxes.js';
import { InMemoryGroupCommit, type Mishap } from '#testing/doubles/in-memory-group-commit.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';

import { Committer } from '../engine/committer.js';
import { UnitOfWork } from '../engine/unit-of-work.js';
import { EngineMetrics } from './engine-metrics.js';
import { Metrics } from './metrics.js';

const type = 'tasks.start_task.v1';
const unitOf = (id?: string): UnitOfWork => new UnitOfWork(sampleEnvelope(id ? { id } : {}), false, 1);
/** As the server and the driver say it. */
const says = (code: string, more: object = {}): Mishap => ({
  error: Object.assign(new Error(code), { severity: 'ERROR', code, ...more }),
});

let metrics: Metrics;
let engine: EngineMetrics;

beforeEach(() => {
  metrics = new Metrics('worker', '1');
  engine = new EngineMetrics(metrics);
});

async function value(series: string): Promise<number> {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  if (!line) throw new Error(`there is no ${series}`);
  return Number(line.slice(series.length));
}

const setbacks = (kind: string): Promise<number> => value(`contextflow_commit_setbacks_total{kind="${kind}"}`);

/** Commits units of which some groups go wrong. */
async function commit(
  units: readonly UnitOfWork[],
  mishap?: (units: readonly UnitOfWork[], attempt: number) => Mishap | undefined,
): Promise<void> {
  const database = new SwitchableDatabase();
  const committer = new Committer(database, new InMemoryGroupCommit(database, mishap), engine);
  await Promise.all(units.map((unit) => committer.commit(unit)));
}

describe('The engine', () => {
  it('counts what it has settled by type and status, and how large the group was', async () => {
    const rejected = unitOf();
    rejected.rejection = { kind: 'conflict', reason: 'r', detail: 'd' };
    await commit([unitOf(), unitOf(), rejected]);
    expect(await value(`contextflow_commands_settled_total{type="${type}",status="succeeded"}`)).toBe(2);
    expect(await value(`contextflow_commands_settled_total{type="${type}",status="rejected"}`)).toBe(1);
    expect(await value('contextflow_commit_group_size_sum')).toBe(3);
    expect(await value('contextflow_commit_duration_seconds_count')).toBe(1);
    expect(await value('contextflow_command_settlement_seconds_count{context="tasks"}')).toBe(3);
  });

  it('does not count a copy as settled', async () => {
    const unit = unitOf();
    await commit([unit, unitOf(unit.envelope.id)]);
    expect(await value(`contextflow_commands_settled_total{type="${type}",status="succeeded"}`)).toBe(1);
    expect(await value('contextflow_command_duplicates_total')).toBe(1);
  });

  it('counts a commit whose answer was lost as settled, once', async () => {
    await commit([unitOf(), unitOf()], (_, attempt) => (attempt === 1 ? 'lost' : undefined));
    expect(await value(`contextflow_commands_settled_total{type="${type}",status="succeeded"}`)).toBe(2);
    expect(await setbacks('unknown')).toBe(1);
  });

  it('tells why groups did not commit at once', async () => {
    await commit([unitOf()], (_, attempt) => (attempt === 1 ? says('40P01') : undefined));
    expect(await setbacks('transient')).toBe(1);

    const bad = unitOf();
    await commit([unitOf(), bad], (units) => (units.includes(bad) ? says('22P05') : undefined));
    expect([await setbacks('halved'), await setbacks('failed')]).toEqual([1, 1]);

    await commit([unitOf()], () => says('23505', { constraint: 'users_email' }));
    expect(await setbacks('violation')).toBe(1);

    const stale = unitOf();
    stale.stream = { type: Box, id: stale.envelope.lane, version: 3, occurredAt: undefined };
    await commit([stale]);
    expect(await setbacks('conflict')).toBe(1);
    expect(await setbacks('outage')).toBe(0);
  });

  it('takes an acceptance in the future, by another clock, for one just now', async () => {
    engine.settled({ type, context: 'tasks', acceptedAt: new Date(Date.now() + 60_000) }, 'succeeded');
    expect(await value('contextflow_command_settlement_seconds_sum{context="tasks"}')).toBe(0);
  });

  it('counts faults and what is parked', async () => {
    engine.fault(type);
    engine.handled(type, 0.25);
    engine.parked('tasks', 'dead');
    expect(await value(`contextflow_command_faults_total{type="${type}"}`)).toBe(1);
    expect(await value(`contextflow_command_handling_seconds_sum{type="${type}"}`)).toBe(0.25);
    expect(await value('contextflow_commands_parked_total{context="tasks",state="dead"}')).toBe(1);
  });
});
