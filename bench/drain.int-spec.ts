import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sharedServers } from '#testing/servers.js';
import { TestDatabase } from '#testing/test-database.js';

import { drained } from './drain.js';

/** So many commands in each transaction, ten transactions a second. */
const steady = (transactions: number, inOne: number): string =>
  `select timestamptz '2026-03-01' + make_interval(secs => t / 10.0) as at
   from generate_series(1, ${transactions}) as t, generate_series(1, ${inOne})`;

describe('The rate of a drained backlog', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await TestDatabase.create(sharedServers().databaseUrl)));
  afterAll(() => database?.drop());

  it('is taken from the times of the transactions', async () => {
    const rate = await drained({ database, times: steady(50, 20) }, 1_000, { skip: 1_000, most: 5_000 });
    expect(rate).toBeCloseTo(200, 3);
  });

  it('leaves out the start', async () => {
    const slow = `select timestamptz '2026-02-28 23:59:59' as at union all ${steady(50, 20)}`;
    const rate = await drained({ database, times: slow }, 1_001, { skip: 1_500, most: 5_000 });
    expect(rate).toBeCloseTo(200, 3);
  });

  it('counts the start where there is nothing else', async () => {
    const rate = await drained({ database, times: steady(3, 10) }, 30, { skip: 1_000, most: 5_000 });
    expect(rate).toBeCloseTo(100, 3);
  });

  it('does not wait for the end of a backlog that takes too long', async () => {
    const rate = await drained({ database, times: steady(50, 20) }, 1_000_000, { skip: 1_000, most: 100 });
    expect(rate).toBeCloseTo(200, 3);
  });

  it('is known within seconds of a large backlog', async () => {
    const begun = performance.now();
    const rate = await drained({ database, times: steady(500, 100) }, 50_000, { skip: 1_000, most: 5_000 });
    expect(rate).toBeCloseTo(1_000, 3);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
