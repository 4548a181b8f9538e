import { eventually } from '#testing/eventually.js';
import type { TestDatabase } from '#testing/test-database.js';

import { environment, followers, install } from '../installation.js';
import type { Row } from '../row.js';
import { manyEvents } from '../seed.js';

const readModels = ['tasks.task_list', 'tasks.task_summary', 'platform.activity'];
const within = 600_000;

export const logReaders: Row = {
  name: 'log-readers',
  title: 'log readers: asynchronous read models and relay, all at once',
  unit: 'events/s',
  goals: followers.map((of) => ({ of, atLeast: 15_000 })),
  notes: ['As in a worker that was away: each begins at the beginning of the log, and all of them share the worker.'],

  async measure(bench) {
    const { lab } = await install(bench);
    const { database } = lab;
    const events = await manyEvents(database, bench.size(200_000, 20_000));
    const [first] = await database.query<{ before: number }>(
      'select min(position)::int - 1 as before from platform.events',
    );
    const before = first?.before ?? 0;
    const figures: Record<string, number[]> = Object.fromEntries(followers.map((name) => [name, []]));
    bench.expect(bench.rounds);
    for (let round = 1; round <= bench.rounds; round++)
      await bench.step(`round ${round} of ${bench.rounds}`, async () => {
        await database.query('delete from platform.checkpoints where name = any($1)', [followers]);
        await database.query('truncate tasks.task_summary, platform.activity');
        const worker = await lab.worker(environment);
        const rates = await Promise.all(followers.map((name) => followed(database, name, before, events)));
        followers.forEach((name, index) => figures[name]?.push(rates[index] as number));
        await worker.terminate();
      });
    return figures;
  },
};

export const rebuild: Row = {
  name: 'rebuild',
  title: 'rebuild of a read model, indexes and exchange included',
  unit: 'events/s',
  goals: readModels.map((of) => ({ of, atLeast: 60_000 })),
  notes: [],

  async measure(bench) {
    const { lab } = await install(bench);
    const events = await manyEvents(lab.database, bench.size(200_000, 20_000));
    await lab.worker(environment);
    // They must have begun before they can begin anew.
    for (const name of ['tasks.task_summary', 'platform.activity']) await followed(lab.database, name, 0, events);
    const figures: Record<string, number[]> = Object.fromEntries(readModels.map((name) => [name, []]));
    bench.expect(bench.rounds * readModels.length);
    for (let round = 1; round <= bench.rounds; round++)
      for (const name of readModels)
        figures[name]?.push(await bench.step(`${name}, round ${round}`, () => rebuilt(lab.database, name, events)));
    return figures;
  },
};

/** @returns how many events a second it reads, from the first look at it on */
async function followed(database: TestDatabase, name: string, before: number, events: number): Promise<number> {
  const read = async (): Promise<number> =>
    (
      await database.one<{ n: number }>(
        'select coalesce((select position from platform.checkpoints where name = $1), 0)::int - $2::int as n',
        [name, before],
      )
    ).n;
  const begun = async (): Promise<number | false> => {
    const n = await read();
    return n > 0 && n;
  };
  const first = await eventually(`${name} is read`, begun, { within, every: 5 });
  const began = performance.now();
  await eventually(`${name} is read to its end`, async () => (await read()) >= events, { within, every: 10 });
  return (events - first) / ((performance.now() - began) / 1_000);
}

async function rebuilt(database: TestDatabase, name: string, events: number): Promise<number> {
  await database.query(
    `update platform.projections set rebuild = 'asked', rebuild_version = null, rebuild_asked_at = now() where name = $1`,
    [name],
  );
  const state = async (): Promise<string | null> =>
    (await database.one<{ rebuild: string | null }>('select rebuild from platform.projections where name = $1', [name]))
      .rebuild;
  await eventually(`${name} is begun`, async () => (await state()) !== 'asked', { within, every: 5 });
  const began = performance.now();
  await eventually(`${name} is made anew`, async () => (await state()) === null, { within, every: 10 });
  return events / ((performance.now() - began) / 1_000);
}
