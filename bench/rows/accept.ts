import { accessToken } from '#testing/access-tokens.js';
import { freePort } from '#testing/ports.js';

import { environment, install } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import { PeerProcess } from '../peers/peer-process.js';
import { contextFlow, interleaved, type Row } from '../row.js';
import { everybody, newTask, peerSecret, peerTokens, publicKey } from '../work.js';
import type { Workbench } from '../workbench.js';

const peers = { 'plain Nest': 'plain-nest', 'tuned Nest': 'tuned-nest', 'raw HTTP': 'raw-http' } as const;
const connections = 64;

export const accept: Row = {
  name: 'accept',
  title: 'accept: POST /tasks, 64 connections',
  unit: 'requests/s',
  goals: [
    { of: contextFlow, against: 'plain Nest', atLeast: 6 },
    { of: contextFlow, against: 'tuned Nest', atLeast: 1.2 },
    { of: contextFlow, against: 'raw HTTP', atLeast: 0.75 },
  ],
  notes: [
    'Each request carries the token of one of 1,000 users in turn. ContextFlow and raw HTTP verify ES256, and remember the tokens that they have verified; plain and tuned Nest verify HS256, each time.',
    'ContextFlow signs what it sends to its workers, and spreads it over eight queues; the references have one, and sign nothing.',
  ],

  async measure(bench) {
    const { lab, broker, queues } = await install(bench);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    const people = everybody();
    const ours = { port: (await lab.api(environment)).port, tokens: people.map((id) => accessToken(id)), queues };
    const theirs = await Promise.all(
      Object.entries(peers).map(async ([name, program]) => {
        const queue = `${lab.broker.prefix}.${program}`;
        const tokens = program === 'raw-http' ? ours.tokens : peerTokens();
        return [name, { port: await peer(bench, program, queue), tokens, queues: [queue] }] as const;
      }),
    );
    const contestants = Object.entries({ [contextFlow]: ours, ...Object.fromEntries(theirs) });
    const run = async ({ port, tokens, queues: own }: typeof ours, seconds: number): Promise<number> => {
      const requests = tokens.map((token) => requestText('POST', '/api/v1/tasks', token, newTask));
      const rate = await load.rate({ port, connections, requests, seconds }, 202);
      // Nobody takes anything out of the queues: each round begins with empty ones.
      await broker.purge(own);
      return rate;
    };

    bench.expect(contestants.length * (bench.rounds + 1));
    // Long enough for everybody's token to be seen.
    for (const [name, contestant] of contestants) await bench.step(`${name}, warming up`, () => run(contestant, 3));
    return interleaved(
      bench,
      Object.fromEntries(contestants.map(([name, one]) => [name, () => run(one, bench.size(5, 1))])),
    );
  },
};

/** @returns the port that it listens on */
async function peer(bench: Workbench, program: string, queue: string): Promise<number> {
  const port = await freePort();
  const process = await PeerProcess.start(`${program}/api`, {
    DATABASE_URL: bench.servers.databaseUrl,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: queue,
    PORT: String(port),
    JWT_KEY: program === 'raw-http' ? publicKey() : peerSecret,
  });
  bench.after(() => process.end());
  return port;
}
