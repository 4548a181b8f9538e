import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { itInFull, profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

/** Others notice a death only after four seconds. */
const followed = profiled({
  short: ['tasks.task_summary'],
  full: Array.from({ length: 10 }, () => ['tasks.task_summary', 'platform.activity']).flat(),
});
const deadly = profiled({
  short: ['rebuild.before_exchange(tasks.task_list)'],
  full: ['rebuild.before_commit', 'rebuild.before_exchange'].flatMap((point) => [
    `${point}(tasks.task_list)`,
    `${point}(platform.activity)`,
  ]),
});

/** In milliseconds: a worker starts for each death. */
const longest = 600_000;

describe('Read models', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 0 });
  });
  afterAll(() => lab?.close());

  const rebuilding = async (): Promise<string[]> =>
    (await lab.database.query<{ name: string }>(`select name from platform.projections where rebuild is not null`)).map(
      ({ name }) => name,
    );

  it(
    'F18: show every event once, though the worker that followed the log died in the middle of a batch',
    async () => {
      const load = lab.load({ concurrency: 4, perSecond: 80 });
      for (const name of followed) {
        const dying = await lab.worker({ FAILPOINTS: `projection.before_commit(${name})=kill@3` });
        expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
      }
      await lab.worker({ FAILPOINTS: `${deadly[0]}=kill` });
      await load.stop();
      await lab.check();
    },
    longest,
  );

  itInFull(
    'F18: are made anew to their end by another worker when the first one dies of it, while commands go on',
    async () => {
      const load = lab.load({ concurrency: 4, perSecond: 80 });
      await lab.database.query(`update tasks.task_list set title = 'wrong', version = 1`);
      await lab.database.query('delete from platform.activity');
      await lab.database.query(
        `update platform.projections set rebuild = 'asked', rebuild_version = null, rebuild_asked_at = now()
       where name in ('tasks.task_list', 'platform.activity')`,
      );
      expect(await lab.workers[0]?.exited).toMatchObject({ signal: 'SIGKILL' });
      for (const point of deadly.slice(1)) {
        const dying = await lab.worker({ FAILPOINTS: `${point}=kill` });
        expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
      }
      expect(await rebuilding()).not.toEqual([]);
      await lab.worker();
      await eventually('all is made anew', async () => (await rebuilding()).length === 0, { within: 20_000 });
      await load.stop();
      await lab.check();
      expect(await lab.database.query(`select relname from pg_class where relname like '%\\_\\_next'`)).toEqual([]);
    },
    longest,
  );
});
