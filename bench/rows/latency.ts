import { accessToken } from '#testing/access-tokens.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient } from '#testing/http-client.js';

import { environment, install } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import type { Row } from '../row.js';
import { percentile } from '../statistics.js';
import { everybody, newTask, userId } from '../work.js';
import type { Workbench } from '../workbench.js';

const path = '/api/v1/tasks';

export const latencyIdle: Row = {
  name: 'latency-idle',
  title: 'latency, idle: POST with Prefer: wait=5 until 201',
  unit: 'ms',
  goals: [
    { of: 'p50', atMost: 6 },
    { of: 'p99', atMost: 20 },
  ],
  notes: ['One client, one request after the other.'],

  async measure(bench) {
    const { client } = await running(bench);
    const headers = { authorization: `Bearer ${accessToken(userId(0))}`, prefer: 'wait=5' };
    return percentilesOf(bench, bench.size(300, 60), async () => {
      const began = performance.now();
      const { status, text } = await client.send({ method: 'POST', path, headers, body: newTask });
      if (status !== 201) throw new Error(`201 was expected, the answer was ${status}: ${text}`);
      return performance.now() - began;
    });
  },
};

export const latencyHalfLoad: Row = {
  name: 'latency-half-load',
  title: 'latency, half load: from 202 until visible',
  unit: 'ms',
  goals: [{ of: 'p99', atMost: 100 }],
  notes: [
    'Load at half of what API and worker together were just seen to do; beside it one client creates tasks, and asks every other millisecond until they are there.',
  ],

  async measure(bench) {
    const { client, port, settled } = await running(bench);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    const requests = everybody().map((id) => requestText('POST', path, accessToken(id), newTask));
    const most = await bench.step('finding out what full load is', async () => {
      const before = await settled();
      const began = performance.now();
      const { answered } = await load.run({ port, connections: 64, requests, seconds: bench.size(10, 2) }, 202);
      await eventually('all is run', async () => (await settled()) >= before + answered, {
        within: 300_000,
        every: 50,
      });
      return answered / ((performance.now() - began) / 1_000);
    });

    const headers = { authorization: `Bearer ${accessToken(userId(0))}` };
    const visible = async (): Promise<number> => {
      const { body, status } = await client.send({ method: 'POST', path, headers, body: newTask });
      if (status !== 202) throw new Error(`202 was expected, the answer was ${status}`);
      const began = performance.now();
      const { resource_id: id } = body as { resource_id: string };
      const there = async (): Promise<boolean> =>
        (await client.send({ path: `${path}/${id}`, headers })).status === 200;
      await eventually('the task is visible', there, { within: 60_000, every: 2 });
      return performance.now() - began;
    };
    const seconds = bench.size(10, 2.5);
    const p99: number[] = [];
    bench.expect(bench.rounds);
    for (let round = 1; round <= bench.rounds; round++) {
      const times: number[] = [];
      const end = performance.now() + seconds * 1_000;
      const probing = async (): Promise<void> => {
        while (performance.now() < end) times.push(await visible());
      };
      const loading = load.run({ port, connections: 64, requests, seconds, perSecond: most / 2 }, 202);
      await bench.step(`round ${round}`, () => Promise.all([loading, probing()]));
      p99.push(percentile(times, 99));
    }
    return { p99 };
  },
};

interface Running {
  readonly client: HttpClient;
  readonly port: number;
  /** How many commands have an outcome. */
  readonly settled: () => Promise<number>;
}

async function running(bench: Workbench): Promise<Running> {
  const { lab } = await install(bench);
  const [{ port }] = await Promise.all([lab.api(environment), lab.worker(environment)]);
  const client = new HttpClient(port, 1);
  bench.after(() => client.close());
  const settled = async (): Promise<number> =>
    (
      await lab.database.one<{ n: number }>(
        `select count(*)::int as n from platform.commands where type = 'tasks.create_task.v1'`,
      )
    ).n;
  return { client, port, settled };
}

/** Of so many measurements a round, after some that warm up. */
async function percentilesOf(bench: Workbench, count: number, once: () => Promise<number>) {
  const p50: number[] = [];
  const p99: number[] = [];
  bench.expect(bench.rounds);
  for (let n = 0; n < count / 4; n++) await once();
  for (let round = 1; round <= bench.rounds; round++) {
    const times = await bench.step(`round ${round}`, async () => {
      const taken: number[] = [];
      for (let n = 0; n < count; n++) taken.push(await once());
      return taken;
    });
    p50.push(percentile(times, 50));
    p99.push(percentile(times, 99));
  }
  return { p50, p99 };
}
