import { setTimeout as delay } from 'node:timers/promises';

import { accessToken } from '#testing/access-tokens.js';

import { environment, install } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import type { Row } from '../row.js';
import { envelopes, everybody, newTask } from '../work.js';

const lookEvery = 500;

export const memory: Row = {
  name: 'memory',
  title: 'memory: RSS under full load, and with a backlog of 100,000',
  unit: 'MiB',
  goals: [
    { of: 'API', atMost: 200 },
    { of: 'worker', atMost: 200 },
  ],
  slow: true,
  notes: [
    'The most that was seen in each round; processes go on from round to round, so that a leak would show.',
    'With `--quick` 5,000 commands wait.',
  ],

  async measure(bench) {
    const { lab, broker } = await install(bench);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    await broker.publish(
      envelopes(lab.broker, { kind: 'create', count: bench.size(100_000, 5_000) }),
      lab.broker.topology.commands,
    );
    const [api, worker] = await Promise.all([lab.api(environment), lab.worker(environment)]);
    const requests = everybody().map((id) => requestText('POST', '/api/v1/tasks', accessToken(id), newTask));
    const figures = { API: [] as number[], worker: [] as number[] };
    const seconds = bench.size(10, 2);
    bench.expect(bench.rounds);
    for (let round = 1; round <= bench.rounds; round++)
      await bench.step(`round ${round} of ${bench.rounds}`, async () => {
        const loading = load.run({ port: api.port, connections: 64, requests, seconds }, 202);
        const most = { API: 0, worker: 0 };
        for (const end = performance.now() + seconds * 1_000; performance.now() < end; await delay(lookEvery)) {
          most.API = Math.max(most.API, api.usage()?.memory ?? 0);
          most.worker = Math.max(most.worker, worker.usage()?.memory ?? 0);
        }
        await loading;
        figures.API.push(most.API);
        figures.worker.push(most.worker);
      });
    return figures;
  },
};
