import { drained } from '../drain.js';
import { environment, install, readByAll, type Installation } from '../installation.js';
import { LoadGenerator } from '../load/load.js';
import { interleaved, type Row } from '../row.js';
import { existingTasks, manyEvents } from '../seed.js';
import { envelopes, taskId } from '../work.js';
import type { Workbench } from '../workbench.js';
import { requestsFor } from './query.js';

export const growth: Row = {
  name: 'growth',
  title: 'growth: at 1,000,000 events, against an empty store',
  unit: 'a second',
  goals: [
    { of: 'process, grown', against: 'process, empty', atLeast: 0.9 },
    { of: 'query, grown', against: 'query, empty', atLeast: 0.9 },
  ],
  slow: true,
  notes: [
    'The empty store has the 1,000 tasks that are asked for, and what the rounds before have written.',
    'With `--quick` it has 20,000 events, which only shows that the row works.',
  ],

  async measure(bench) {
    const [grown, fresh] = [await install(bench), await install(bench)];
    const events = bench.size(1_000_000, 20_000);
    // A part of them are of tasks that are asked for.
    const tasks = events / 10;
    await manyEvents(grown.lab.database, events - tasks);
    await existingTasks(grown.lab.database, tasks);
    await existingTasks(fresh.lab.database, 1_000);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    // Asynchronous read models and the relay are to have read what is there.
    await readByAll(grown);
    const requests = requestsFor((n) => `/api/v1/tasks/${taskId(n)}`);
    const asked = async ({ lab }: Installation): Promise<number> => {
      const [api] = lab.apis;
      const { port } = api ?? (await lab.api(environment));
      return load.rate({ port, connections: 64, requests, seconds: bench.size(4, 0.7) }, 200);
    };
    for (const installation of [grown, fresh]) await bench.step('warming up', () => asked(installation));
    bench.expect(4 * bench.rounds);
    return interleaved(bench, {
      'process, grown': () => processed(bench, grown),
      'process, empty': () => processed(bench, fresh),
      'query, grown': () => asked(grown),
      'query, empty': () => asked(fresh),
    });
  },
};

async function processed(bench: Workbench, { lab, broker, queues }: Installation): Promise<number> {
  await broker.purge(queues);
  await lab.database.query('truncate platform.commands');
  const count = bench.size(20_000, 2_000);
  await broker.publish(envelopes(lab.broker, { kind: 'create', count }), lab.broker.topology.commands);
  const worker = await lab.worker(environment);
  try {
    const times = `select settled_at as at from platform.commands where context = 'tasks'`;
    return await drained({ database: lab.database, times }, count, { skip: bench.size(1_000, 200), most: 10_000 });
  } finally {
    await worker.terminate();
  }
}
