import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { describeInFull } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { held, partitions } from '#testing/partition-shares.js';

const mostTakeover = 5_000;

describe('Two workers', () => {
  let lab: Lab;
  let workers: readonly [AppProcess, AppProcess];

  beforeAll(async () => {
    lab = await Lab.with({ workers: 0 });
    workers = await Promise.all([lab.worker(), lab.worker()]);
  });
  afterAll(() => lab?.close());

  it('share all partitions half and half', async () => {
    await eventually('each has half of the partitions', async () => {
      const [all, ...shares] = await Promise.all([partitions(lab), ...workers.map((worker) => held(lab, worker))]);
      if (all === 0 || !shares.every((share) => share === all / 2))
        throw new Error(`they have ${shares.join(' and ')}`);
      return true;
    });
  });

  it('take over from each other: within five seconds of a death the survivor has all of them and runs their commands', async () => {
    const [victim, survivor] = workers;
    const all = await partitions(lab);
    const load = lab.load({ tasks: 100 });
    await load.reaches(100);
    const died = performance.now();
    await victim.crash();
    await eventually('the survivor has all partitions', async () => (await held(lab, survivor)) === all, { every: 20 });
    expect(performance.now() - died).toBeLessThan(mostTakeover);
    await load.finished;
    await lab.verify();
  });
});

describeInFull('Four workers of one context', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.with({ apis: 0, workers: 0 });
  });
  afterAll(() => lab?.close());

  it('have four of its sixteen partitions each', async () => {
    await lab.database.query(`insert into platform.contexts (name, partitions) values ('tasks', 16)`);
    const workers = await Promise.all(Array.from({ length: 4 }, () => lab.worker({ WORKER_CONTEXTS: 'tasks' })));
    await eventually('each has four', async () => {
      const shares = await Promise.all(workers.map((worker) => held(lab, worker)));
      if (!shares.every((share) => share === 4)) throw new Error(`they have ${shares.join(', ')}`);
      return true;
    });
  });
});
