import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { countedTasks } from '#contexts/tasks/read-models/counted-tasks.projection.js';
import { taskList } from '#contexts/tasks/read-models/task-list.projection.js';
import { newId } from '#kernel';
import { activity } from '#platform/activity/activity.projection.js';
import { eventually } from '#testing/eventually.js';
import { describeInFull } from '#testing/fault-profile.js';
import { foldedReadModels } from '#testing/invariants/folded-read-models.js';
import { Lab } from '#testing/lab.js';

import { longLog } from '../figures/scale-log.js';

const events = 200_000;
const within = 500_000;
const projections = [taskList, countedTasks, activity];
const names = projections.map(({ name }) => name);

/** Somebody who asks again and again, until it is enough. */
class Reader {
  readonly statuses = new Set<number>();
  asked = 0;
  longest = 0;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(ask: () => Promise<{ readonly status: number }>) {
    this.#running = this.#run(ask);
  }

  async #run(ask: () => Promise<{ readonly status: number }>): Promise<void> {
    while (!this.#stopped) {
      const began = performance.now();
      this.statuses.add((await ask()).status);
      this.longest = Math.max(this.longest, performance.now() - began);
      this.asked++;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

describeInFull('Read models of a long log', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1, apis: 0 });
    await eventually('all are known', async () => (await known()) === names.length, { within: 30_000 });
    await lab.workers[0]?.terminate();
    await longLog(lab.database, events);
    // What happened long ago has been told and followed, and nobody shows it any more.
    await lab.database.query(
      `insert into platform.checkpoints (name, era, xid, position)
       select name, era, xid, position from unnest($1::text[]) as name,
         (select era, xid, position from platform.events order by era desc, xid desc, position desc limit 1) as last
       on conflict (name) do update set era = excluded.era, xid = excluded.xid, position = excluded.position`,
      [['relay', countedTasks.name, activity.name]],
    );
    await Promise.all([lab.api(), lab.worker()]);
  }, within);
  afterAll(() => lab?.close());

  it(
    'are made anew while clients write and ask: no request fails, and they equal a fold of the log',
    async () => {
      const load = lab.load({ concurrency: 4, perSecond: 40 });
      const user = lab.client(newId());
      const admin = lab.client(newId(), { roles: ['admin'] });
      const readers = [
        new Reader(() => user.get('/tasks?limit=20')),
        new Reader(() => user.get('/tasks/summary')),
        new Reader(() => admin.get('/activity?limit=20')),
      ];
      const began = performance.now();
      await lab.database.query(
        `update platform.projections set rebuild = 'asked', rebuild_version = null, rebuild_asked_at = now(), rebuilt_at = null
         where name = any($1) and rebuild is null`,
        [names],
      );
      await eventually('all are made anew', async () => (await rebuilt()) === names.length, { within, every: 100 });
      const seconds = (performance.now() - began) / 1_000;
      await load.stop();
      await Promise.all(readers.map((reader) => reader.stop()));
      await lab.quiesce();

      const answers = readers.reduce((sum, { asked }) => sum + asked, 0);
      const longest = Math.max(...readers.map((reader) => reader.longest));
      console.log(
        `${names.length} read models of ${events} events in ${seconds.toFixed(0)} s, ${load.accepted} commands and ${answers} ` +
          `answers meanwhile, the slowest after ${longest.toFixed(0)} ms`,
      );

      expect([...lab.ledger.answers.keys()]).toEqual([202]);
      expect(readers.map(({ statuses }) => [...statuses])).toEqual([[200], [200], [200]]);
      const sent = lab.ledger.accepted.map(({ commandId }) => commandId);
      expect(
        await lab.database.query(
          `select type, status, result from platform.commands where id = any($1) and status <> 'succeeded' limit 5`,
          [sent],
        ),
      ).toEqual([]);
      expect(await foldedReadModels({ database: lab.database, processes: lab.processes, projections })).toEqual([]);
    },
    within,
  );

  const count = async (condition: string): Promise<number> =>
    (
      await lab.database.one<{ n: number }>(
        `select count(*)::int as n from platform.projections where name = any($1) and ${condition}`,
        [names],
      )
    ).n;
  const known = (): Promise<number> => count('true');
  const rebuilt = (): Promise<number> => count('rebuild is null and rebuilt_at is not null');
});
