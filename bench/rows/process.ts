import { DataSource } from 'typeorm';

import { drained, type Span } from '../drain.js';
import { empty, environment, install, type Installation } from '../installation.js';
import { PeerProcess } from '../peers/peer-process.js';
import { entities } from '../peers/plain-nest/task.entity.js';
import { contextFlow, interleaved, type Row } from '../row.js';
import { existingTasks } from '../seed.js';
import { envelopes, nestMessages, taskId, userId } from '../work.js';
import type { Workbench } from '../workbench.js';

type Kind = 'create' | 'start';

const notes = [
  'A backlog waits, then one worker starts. The rate is taken from the times of its transactions, after the first second, for at most 15 s.',
  "Meanwhile ContextFlow's worker relays events and brings its asynchronous read models up to date; the references write their outbox and leave it there.",
  'ContextFlow verifies the signature of each message; the references do not. Plain Nest has prefetchCount 100 and TypeORM’s ten connections.',
];

export const processCreate: Row = {
  name: 'process-create',
  title: 'process: create, new streams',
  unit: 'commands/s',
  goals: [
    { of: contextFlow, against: 'plain Nest', atLeast: 12 },
    { of: contextFlow, against: 'raw SQL', atLeast: 0.6 },
  ],
  notes,
  async measure(bench) {
    const [ours, raw, plain] = [await install(bench), await install(bench), await install(bench)];
    await createPeerTables(plain);
    bench.expect(3 * bench.rounds);
    return interleaved(bench, {
      [contextFlow]: () => contextFlowRound(bench, ours, 'create'),
      'plain Nest': () => plainRound(bench, plain, 'create'),
      'raw SQL': () => rawRound(bench, raw),
    });
  },
};

export const processChange: Row = {
  name: 'process-change',
  title: 'process: change, existing streams',
  unit: 'commands/s',
  goals: [{ of: contextFlow, against: 'plain Nest', atLeast: 8 }],
  notes,
  async measure(bench) {
    const [ours, plain] = [await install(bench), await install(bench)];
    await createPeerTables(plain);
    bench.expect(2 * bench.rounds);
    return interleaved(bench, {
      [contextFlow]: () => contextFlowRound(bench, ours, 'start'),
      'plain Nest': () => plainRound(bench, plain, 'start'),
    });
  },
};

const backlog = (bench: Workbench): number => bench.size(50_000, 5_000);
const span = (bench: Workbench): Span => ({ skip: bench.size(1_000, 300), most: bench.size(15_000, 2_500) });

/** A worker that starts has commands of its own. */
export const tasksRun = `select settled_at as at from platform.commands where context = 'tasks'`;

export async function contextFlowRound(bench: Workbench, installation: Installation, kind: Kind): Promise<number> {
  const { lab, broker } = installation;
  const count = backlog(bench);
  await empty(installation);
  if (kind === 'start') await existingTasks(lab.database, count);
  await broker.publish(envelopes(lab.broker, count, kind), lab.broker.topology.commands);
  const worker = await lab.worker(environment);
  try {
    const journal = { database: lab.database, times: tasksRun };
    return await drained(journal, count, span(bench));
  } finally {
    await worker.terminate();
  }
}

async function plainRound(bench: Workbench, { lab, broker }: Installation, kind: Kind): Promise<number> {
  const count = backlog(bench);
  const queue = `${lab.broker.prefix}.plain`;
  await lab.database.query('truncate peer_tasks, peer_inbox, peer_outbox');
  if (kind === 'start') await peerTasks(lab, count);
  await broker.declare(queue);
  await broker.publish(nestMessages(queue, count, kind));
  const peer = await PeerProcess.start('plain-nest/worker', {
    DATABASE_URL: lab.database.url,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: queue,
  });
  try {
    const journal = { database: lab.database, times: 'select "handledAt" as at from peer_inbox' };
    return await drained(journal, count, span(bench));
  } finally {
    await peer.end();
    await broker.remove(queue);
  }
}

async function rawRound(bench: Workbench, installation: Installation): Promise<number> {
  const { lab, broker, queues } = installation;
  const count = backlog(bench);
  await empty(installation);
  await broker.publish(envelopes(lab.broker, count, 'create'), lab.broker.topology.commands);
  const peer = await PeerProcess.start('raw-sql/worker', {
    DATABASE_URL: lab.database.url,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: queues.join(','),
  });
  try {
    const journal = { database: lab.database, times: tasksRun };
    return await drained(journal, count, span(bench));
  } finally {
    await peer.end();
  }
}

/** As its own entities describe them. */
export async function createPeerTables({ lab }: Installation): Promise<void> {
  const source = new DataSource({ type: 'postgres', url: lab.database.url, entities, synchronize: true });
  await source.initialize();
  await source.destroy();
}

async function peerTasks({ database }: Installation['lab'], count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({ id: taskId(n), user: userId(n) }));
  await database.query(
    `insert into peer_tasks (id, "userId", title, description, status, priority)
     select id, "user", 'one of many tasks', 'what there is to be done about it', 'pending', 'high'
     from json_to_recordset($1) as t(id uuid, "user" uuid)`,
    [JSON.stringify(rows)],
  );
  await database.query('analyze peer_tasks');
}
