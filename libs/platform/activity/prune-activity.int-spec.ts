import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { pruneActivity } from './prune-activity.js';

let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
beforeEach(() => world.rows.query('delete from platform.activity'));
afterAll(() => world.remove());

/** Things that happened so many days ago. */
const happened = (days: number, count = 1): Promise<unknown> =>
  world.rows.query(
    `insert into platform.activity (id, version, type, context, stream_type, stream_id, stream_version, actor, ids, occurred_at)
     select gen_random_uuid(), 1, 't.d.v1', 'c', 'c.t', gen_random_uuid(), 1, 'a', '{}', now() - make_interval(days => $1)
     from generate_series(1, $2)`,
    [days, count],
  );

const ages = async (): Promise<number[]> =>
  (
    await world.rows.query<{ days: number }>(
      'select extract(day from now() - occurred_at)::int as days from platform.activity order by 1',
    )
  ).map(({ days }) => days);

describe('Pruning the activity', () => {
  it('removes what happened longer ago than it is kept, and nothing else', async () => {
    for (const days of [0, 364, 366, 4_000]) await happened(days);
    expect(await pruneActivity(database, 365, { dry: false })).toBe(2);
    expect(await ages()).toEqual([0, 364]);
    expect(await pruneActivity(database, 365, { dry: false })).toBe(0);
  });

  it('only counts, when asked', async () => {
    await happened(366, 3);
    expect(await pruneActivity(database, 365, { dry: true })).toBe(3);
    expect(await ages()).toHaveLength(3);
  });

  it('removes nothing when all of it is to be kept', async () => {
    await happened(4_000);
    expect(await pruneActivity(database, 0, { dry: false })).toBe(0);
    expect(await ages()).toEqual([4_000]);
  });

  it('goes on batch by batch until all of it is gone, and tells how many there were', async () => {
    await happened(400, 12_000);
    const told: number[] = [];
    expect(await pruneActivity(database, 365, { dry: false, tell: (removed) => told.push(removed) })).toBe(12_000);
    expect(told).toEqual([5_000, 10_000, 12_000]);
    expect(await ages()).toEqual([]);
  });
});
