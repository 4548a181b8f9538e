import { accessToken } from '#testing/access-tokens.js';
import { eventually } from '#testing/eventually.js';
import { freePort } from '#testing/ports.js';
import type { TestDatabase } from '#testing/test-database.js';

import { environment, install } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import { PeerProcess } from '../peers/peer-process.js';
import { contextFlow, interleaved, type Row } from '../row.js';
import { everybody, newTask, peerSecret, peerTokens } from '../work.js';
import { createPeerTables, tasksRun } from './process.js';

const connections = 64;

interface Contestant {
  readonly port: number;
  readonly tokens: readonly string[];
  readonly database: TestDatabase;
  /** A query for what was run. */
  readonly times: string;
}

export const endToEnd: Row = {
  name: 'end-to-end',
  title: 'end to end: accepted and run, all on this machine',
  unit: 'commands/s',
  goals: [{ of: contextFlow, against: 'plain Nest', atLeast: 6 }],
  notes: [
    'Requests at 64 connections for some seconds, then whatever still waits is worked off: commands divided by the time from the first request to the last commit. No backlog is left that would have to be paid later.',
  ],

  async measure(bench) {
    const [{ lab }, plain] = [await install(bench), await install(bench)];
    await createPeerTables(plain);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    const [api] = await Promise.all([lab.api(environment), lab.worker(environment)]);
    const port = await freePort();
    const peer = {
      DATABASE_URL: plain.lab.database.url,
      RABBITMQ_URL: bench.servers.rabbitmqUrl,
      QUEUE: `${plain.lab.broker.prefix}.plain`,
      PORT: String(port),
      JWT_KEY: peerSecret,
    };
    for (const program of ['plain-nest/api', 'plain-nest/worker']) {
      const process = await PeerProcess.start(program, peer);
      bench.after(() => process.end());
    }
    const tokens = everybody().map((id) => accessToken(id));
    const ours = { port: api.port, tokens, database: lab.database, times: tasksRun };
    const times = 'select "handledAt" as at from peer_inbox';
    const theirs = { port, tokens: peerTokens(), database: plain.lab.database, times };

    const run = async ({ port: at, tokens: own, database, times: done }: Contestant): Promise<number> => {
      const requests = own.map((token) => requestText('POST', '/api/v1/tasks', token, newTask));
      const ended = async (): Promise<number> =>
        (await database.one<{ n: number }>(`select count(*)::int as n from (${done}) as done`)).n;
      const before = await ended();
      const began = performance.now();
      const { answered } = await load.run({ port: at, connections, requests, seconds: bench.size(5, 1) }, 202);
      await eventually('all is run', async () => (await ended()) >= before + answered, { within: 300_000, every: 50 });
      return answered / ((performance.now() - began) / 1_000);
    };

    bench.expect(2 * (bench.rounds + 1));
    for (const one of [ours, theirs]) await bench.step('warming up', () => run(one));
    return interleaved(bench, { [contextFlow]: () => run(ours), 'plain Nest': () => run(theirs) });
  },
};
