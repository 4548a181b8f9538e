import { accessToken } from '#testing/access-tokens.js';
import { freePort } from '#testing/ports.js';

import { environment, install, type Installation } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import { PeerProcess } from '../peers/peer-process.js';
import { contextFlow, interleaved, type Row } from '../row.js';
import { existingTasks } from '../seed.js';
import { everybody, publicKey, taskId } from '../work.js';
import type { Workbench } from '../workbench.js';

const connections = 64;
const tasks = 20_000;

const questions = {
  'by id': (n: number) => `/api/v1/tasks/${taskId(n)}`,
  list: () => '/api/v1/tasks',
} as const;

export const query: Row = {
  name: 'query',
  title: 'query: a task by id, and the first page of a list',
  unit: 'requests/s',
  goals: Object.keys(questions).map((question) => ({
    of: `${contextFlow}, ${question}`,
    against: `raw, ${question}`,
    atLeast: 0.75,
  })),
  notes: [
    'The reference is Fastify with pg: the same SQL as prepared statements, the same check of tokens, ten connections.',
  ],

  async measure(bench) {
    const installation = await install(bench);
    const { lab } = installation;
    await existingTasks(lab.database, tasks);
    const ports = { [contextFlow]: (await lab.api(environment)).port, raw: await rawQueries(bench, installation) };
    const load = new LoadGenerator();
    bench.after(() => load.close());
    const runs = Object.entries(questions).flatMap(([question, path]) =>
      Object.entries(ports).map(([name, port]) => {
        const requests = requestsFor(path);
        return [
          `${name}, ${question}`,
          (seconds: number) => load.rate({ port, connections, requests, seconds }, 200),
        ] as const;
      }),
    );
    bench.expect(runs.length * (bench.rounds + 1));
    for (const [name, run] of runs) await bench.step(`${name}, warming up`, () => run(2));
    const seconds = bench.size(4, 0.7);
    return interleaved(bench, Object.fromEntries(runs.map(([name, run]) => [name, () => run(seconds)])));
  },
};

/** Everybody asks for what is theirs. */
export const requestsFor = (path: (n: number) => string): string[] =>
  everybody().map((id, n) => requestText('GET', path(n), accessToken(id)));

/** @returns the port that it listens on */
async function rawQueries(bench: Workbench, { lab }: Installation): Promise<number> {
  const port = await freePort();
  const process = await PeerProcess.start('raw-http/queries', {
    DATABASE_URL: lab.database.url,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: '',
    PORT: String(port),
    JWT_KEY: publicKey(),
  });
  bench.after(() => process.end());
  return port;
}
