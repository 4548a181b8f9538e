import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { Attempts } from './attempts.js';
import { Membership } from './membership.js';

let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
afterAll(() => world.remove());

/** A worker that may be among the living. */
async function worker(state: 'alive' | 'dying' | 'silent' | 'gone'): Promise<Attempts> {
  const id = randomUUID();
  if (state !== 'gone') await new Membership(database, id, '1', ['tasks']).beat([], 0);
  if (state === 'silent' || state === 'dying')
    await world.rows.query('update platform.workers set seen_at = now() - make_interval(secs => $2) where id = $1', [
      id,
      state === 'silent' ? 4.001 : 2.5,
    ]);
  return new Attempts(database, id, 3_000);
}

async function historyAfter(...states: ('alive' | 'silent' | 'gone')[]) {
  const command = randomUUID();
  for (const state of states) await (await worker(state)).begin(command);
  return (await worker('alive')).history(command);
}

describe('The attempts of a command', () => {
  it('are none to begin with', async () => {
    expect(await historyAfter()).toMatchObject({ deaths: 0, elsewhere: 0 });
  });

  it('count as a death each when their process is gone, or silent for 4 seconds', async () => {
    expect(await historyAfter('gone', 'silent', 'gone')).toMatchObject({ deaths: 3, elsewhere: 0 });
  });

  it('are no death while their process lives', async () => {
    expect(await historyAfter('alive')).toMatchObject({ deaths: 0, elsewhere: 1 });
    expect(await historyAfter('gone', 'alive')).toMatchObject({ deaths: 1, elsewhere: 1 });
  });

  it('are waited for until it is known whether their processes live, where their deaths would be too many', async () => {
    const mine = await worker('alive');
    const [deadly, slow] = [randomUUID(), randomUUID()] as const;
    for (const state of ['gone', 'dying', 'dying'] as const) await (await worker(state)).begin(deadly);
    for (const state of ['gone', 'dying', 'alive'] as const) await (await worker(state)).begin(slow);
    expect(await Promise.all([mine.history(deadly), mine.history(slow)])).toEqual([
      expect.objectContaining({ deaths: 1, elsewhere: 2 }),
      expect.objectContaining({ deaths: 1, elsewhere: 2 }),
    ]);

    expect(await Promise.all([mine.certainHistory(deadly), mine.certainHistory(slow)])).toEqual([
      expect.objectContaining({ deaths: 3, elsewhere: 0 }),
      expect.objectContaining({ deaths: 2, elsewhere: 1 }),
    ]);
  });

  it('are not waited for where their deaths would not be too many', async () => {
    const mine = await worker('alive');
    const command = randomUUID();
    for (const state of ['gone', 'dying'] as const) await (await worker(state)).begin(command);
    expect(await mine.certainHistory(command)).toMatchObject({ deaths: 1, elsewhere: 1 });
  });

  it('of a process itself are not held against the command', async () => {
    const mine = await worker('alive');
    const command = randomUUID();
    await Promise.all([mine.begin(command), mine.begin(command)]);
    await mine.begin(command);
    expect(await mine.history(command)).toMatchObject({ deaths: 0, elsewhere: 0 });
  });

  it('are forgotten, whoever made them, when the command has its outcome', async () => {
    const [ended, other] = [randomUUID(), randomUUID()] as const;
    const mine = await worker('alive');
    for (const one of [mine, await worker('gone')]) await Promise.all([one.begin(ended), one.begin(other)]);
    await mine.forget(ended);
    expect(await world.rows.query('select distinct command_id from platform.attempts')).toContainEqual({
      command_id: other,
    });
    expect(await world.rows.query('select from platform.attempts where command_id = $1', [ended])).toEqual([]);
  });

  it('are told for many commands at once, each its own', async () => {
    const [dead, fresh] = [randomUUID(), randomUUID()] as const;
    await (await worker('gone')).begin(dead);
    const mine = await worker('alive');
    const histories = await Promise.all([dead, fresh, dead].map(mine.history));
    expect(histories.map(({ deaths }) => deaths)).toEqual([1, 0, 1]);
  });
});
