import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { Membership } from '../engine/membership.js';
import type { PartitionReport } from '../messaging/partition-report.js';
import { Partitions } from '../messaging/partitions.js';
import { PartitionReports } from './partition-reports.js';
import { UnknownAfter, UnknownCommands } from './unknown-commands.js';

const minute = 60_000;
const before = (milliseconds: number): Date => new Date(Date.now() - milliseconds);

let world: ConnectedDatabase;
let database: Database;
let reports: PartitionReports;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  const partitions = new Partitions(database, ['tasks', 'labour'], 2);
  await partitions.counts();
  partitions.onModuleDestroy();
  reports = new PartitionReports(database, ['tasks', 'labour']);
});
beforeEach(() => world.rows.query('delete from platform.workers'));
afterAll(() => world.remove());

/** A worker says this of its partitions. */
async function says(said: Record<string, Partial<PartitionReport>>): Promise<Membership> {
  const worker = new Membership(database, randomUUID(), '1', ['tasks', 'labour']);
  const full = Object.entries(said).map(([key, report]) => [key, { done: 0, ...report }]);
  await worker.beat([], 0, Object.fromEntries(full) as Record<string, PartitionReport>);
  return worker;
}

const empty = {
  'tasks.2.0': { empty: 0 },
  'tasks.2.1': { empty: 0 },
  'labour.2.0': { empty: 0 },
  'labour.2.1': { empty: 0 },
};

describe('All that was accepted before', () => {
  it('the oldest command in any worker’s hand is settled', async () => {
    const oldest = before(7 * minute);
    await says({ 'tasks.2.0': { oldest: before(minute) }, 'tasks.2.1': { oldest } });
    await says({ 'labour.2.0': { empty: 10 }, 'labour.2.1': { empty: 10 } });
    expect(await reports.settledUntil()).toEqual(oldest);
  });

  it('the moment at which all queues were empty is settled', async () => {
    await says({ ...empty, 'tasks.2.1': { empty: 5 * minute } });
    const until = (await reports.settledUntil()) as Date;
    expect(Math.abs(until.getTime() - before(5 * minute).getTime())).toBeLessThan(10_000);
  });

  it('is not known while a partition has no worker, or one that cannot say', async () => {
    const { 'tasks.2.1': missing, ...others } = empty;
    await says(others);
    expect(missing).toEqual({ empty: 0 });
    expect(await reports.settledUntil()).toBeUndefined();
    await says({ 'tasks.2.1': {} });
    expect(await reports.settledUntil()).toBeUndefined();
    await says({ 'tasks.2.1': { empty: 0 } });
    expect(await reports.settledUntil()).toBeDefined();
  });

  it('is not known from partitions of another number', async () => {
    const { 'tasks.2.1': _, ...others } = empty;
    await says({ ...others, 'tasks.4.1': { empty: 0 } });
    expect(await reports.settledUntil()).toBeUndefined();
  });

  it('is not known from a worker that is gone', async () => {
    const worker = await says(empty);
    expect(await reports.settledUntil()).toBeDefined();
    await world.rows.query(`update platform.workers set seen_at = now() - interval '5 seconds' where id = $1`, [
      worker.id,
    ]);
    expect(await reports.settledUntil()).toBeUndefined();
  });

  it('is what the more careful of two workers says while a partition changes hands', async () => {
    const oldest = before(9 * minute);
    await says(empty);
    await says({ 'tasks.2.0': { oldest } });
    expect(await reports.settledUntil()).toEqual(oldest);
  });
});

describe('A command without a row', () => {
  const unknown = (): UnknownCommands => new UnknownCommands(reports, new UnknownAfter(5 * minute));

  it('is unknown when it is five minutes older than all that is under way', async () => {
    await says(empty);
    expect(await unknown().has(randomUUID(), before(5.5 * minute))).toBe(true);
    expect(await unknown().has(randomUUID(), before(4.5 * minute))).toBe(false);
  });

  it('may wait behind one that is as old', async () => {
    await says({ ...empty, 'labour.2.1': { oldest: before(60 * minute) } });
    expect(await unknown().has(randomUUID(), before(64 * minute))).toBe(false);
    expect(await unknown().has(randomUUID(), before(66 * minute))).toBe(true);
  });

  it('may wait where no worker is', async () => {
    expect(await unknown().has(randomUUID(), before(600 * minute))).toBe(false);
  });

  it('whose id tells no time is as old as the first question for it', async () => {
    const commands = new UnknownCommands(reports, new UnknownAfter(1));
    const id = randomUUID();
    expect(await commands.has(id, undefined)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await says(empty);
    expect(await commands.has(id, undefined)).toBe(true);
    commands.forget(id);
    expect(await commands.has(id, undefined)).toBe(false);
  });
});

describe('What workers are done with', () => {
  it('is told for each partition', async () => {
    await says({ 'tasks.2.0': { done: 7 }, 'tasks.2.1': { done: 0 } });
    await says({ 'labour.2.0': { done: 12 } });
    expect(await reports.done()).toEqual(
      new Map([
        ['tasks.2.0', 7],
        ['tasks.2.1', 0],
        ['labour.2.0', 12],
      ]),
    );
  });
});
