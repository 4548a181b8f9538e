import { install } from '../installation.js';
import type { Row } from '../row.js';

export const start: Row = {
  name: 'start',
  title: 'start: process start to ready',
  unit: 's',
  goals: [
    { of: 'API', atMost: 1.5 },
    { of: 'worker', atMost: 1.5 },
  ],
  notes: ["Node's compile cache is warm, as in the image. The readiness is asked for every 25 ms."],

  async measure(bench) {
    const { lab } = await install(bench);
    const timed = async (app: 'api' | 'worker'): Promise<number> => {
      const began = performance.now();
      const process = await (await lab.spawn(app)).ready();
      const took = (performance.now() - began) / 1_000;
      await process.terminate();
      return took;
    };
    // The first of each declares queues and compiles.
    for (const app of ['api', 'worker'] as const) await timed(app);
    const api: number[] = [];
    const worker: number[] = [];
    bench.expect(2 * bench.rounds);
    for (let round = 1; round <= bench.rounds; round++) {
      api.push(await bench.step(`API, round ${round}`, () => timed('api')));
      worker.push(await bench.step(`worker, round ${round}`, () => timed('worker')));
    }
    return { API: api, worker };
  },
};
