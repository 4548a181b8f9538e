import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from '../database/database.js';
import { Checkpoints } from './checkpoints.js';
import { beginning, type LogCursor } from './cursor.js';
import { LazyCheckpoints, type LazyCheckpoint } from './lazy-checkpoints.js';

let world: ConnectedDatabase;
let database: Database;
let stored: Checkpoints;
let lazy: LazyCheckpoints;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  stored = new Checkpoints(database);
});
beforeEach(async () => {
  await world.rows.query('truncate platform.checkpoints');
  lazy = new LazyCheckpoints(database);
});
afterAll(() => world.remove());

const place = (position: number): LogCursor => ({ era: 1, xid: '700', position: String(position) });

/** It has moved before, and its reader has read where it stands. */
async function begun(name: string): Promise<LazyCheckpoint> {
  await stored.advance(name, beginning, place(1));
  const checkpoint = lazy.of(name);
  await checkpoint.read();
  return checkpoint;
}

describe('Checkpoints of readers that had nothing to write', () => {
  it('are written down by themselves, all of them at their newest place', async () => {
    const [one, two] = [await begun('one'), await begun('two')];
    one.later(place(2));
    two.later(place(3));
    one.later(place(4));
    await eventually('one is written down', async () => (await stored.read('one')).position === '4');
    expect(await stored.read('two')).toEqual(place(3));
    expect(await one.settled()).toEqual(place(4));
  });

  it('are left to their reader where there is none yet', async () => {
    const checkpoint = lazy.of('one');
    await checkpoint.read();
    expect(checkpoint.later(place(2))).toBe(false);
  });

  it('are in doubt when somebody else has moved them, until they are read again', async () => {
    const checkpoint = await begun('one');
    await stored.advance('one', place(1), place(9));
    checkpoint.later(place(2));
    await checkpoint.flush();
    expect(checkpoint.doubtful).toBe(true);
    expect(await checkpoint.read()).toEqual(place(9));
    expect(checkpoint.doubtful).toBe(false);
  });

  it('do not wait for one that somebody holds', async () => {
    const [held, free] = [await begun('held'), await begun('free')];
    const holder = new pg.Client({ connectionString: world.rows.url });
    await holder.connect();
    await holder.query(`begin; select from platform.checkpoints where name = 'held' for update`);
    held.later(place(2));
    free.later(place(2));
    await free.flush();
    expect([held.doubtful, free.doubtful]).toEqual([true, false]);
    expect(await stored.read('free')).toEqual(place(2));
    await holder.end();
  });

  it('stay where they are when their reader moves them itself', async () => {
    const checkpoint = await begun('one');
    checkpoint.later(place(2));
    expect(await checkpoint.settled()).toEqual(place(1));
    await checkpoint.flush();
    expect(await stored.read('one')).toEqual(place(1));
  });
});
