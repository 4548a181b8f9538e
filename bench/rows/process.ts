import { DataSource } from 'typeorm';

import { drained, type Span } from '../drain.js';
import { environment, install, readByAll, type Installation } from '../installation.js';
import { PeerProcess } from '../peers/peer-process.js';
import { entities } from '../peers/plain-nest/task.entity.js';
import { contextFlow, interleaved, type Row } from '../row.js';
import { existingTasks } from '../seed.js';
import { envelopes, nestMessages, taskId, userId, type Batch } from '../work.js';
import type { Workbench } from '../workbench.js';

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
    const batch: Batch = { kind: 'create', count: backlog(bench) };
    bench.expect(3 * bench.rounds);
    return interleaved(bench, {
      [contextFlow]: () => contextFlowRound(bench, ours, batch),
      'plain Nest': () => plainRound(bench, plain, batch),
      'raw SQL': () => rawRound(bench, raw, batch),
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
    const count = backlog(bench);
    await createPeerTables(plain);
    await Promise.all([
      existingTasks(ours.lab.database, bench.rounds * count),
      peerTasks(plain.lab, bench.rounds * count),
    ]);
    await readByAll(ours);
    const next = { ours: 0, plain: 0 };
    bench.expect(2 * bench.rounds);
    return interleaved(bench, {
      [contextFlow]: () => contextFlowRound(bench, ours, { kind: 'start', count, from: count * next.ours++ }),
      'plain Nest': () => plainRound(bench, plain, { kind: 'start', count, from: count * next.plain++ }),
    });
  },
};

const backlog = (bench: Workbench): number => bench.size(50_000, 5_000);
const span = (bench: Workbench): Span => ({ skip: bench.size(1_000, 300), most: bench.size(15_000, 2_500) });

/** A worker that starts has commands of its own. */
export const tasksRun = `select settled_at as at from platform.commands where context = 'tasks'`;

async function contextFlowRound(bench: Workbench, installation: Installation, batch: Batch): Promise<number> {
  const { lab, broker, queues } = installation;
  await broker.purge(queues);
  await lab.database.query('truncate platform.commands');
  await broker.publish(envelopes(lab.broker, batch), lab.broker.topology.commands);
  const worker = await lab.worker(environment);
  try {
    return await drained({ database: lab.database, times: tasksRun }, batch.count, span(bench));
  } finally {
    await worker.terminate();
  }
}

async function plainRound(bench: Workbench, { lab, broker }: Installation, batch: Batch): Promise<number> {
  const { database } = lab;
  const queue = `${lab.broker.prefix}.plain`;
  await database.query('truncate peer_inbox, peer_outbox');
  await broker.declare(queue);
  await broker.publish(nestMessages(queue, batch));
  const peer = await PeerProcess.start('plain-nest/worker', {
    DATABASE_URL: database.url,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: queue,
  });
  try {
    const times = 'select "handledAt" as at from peer_inbox';
    return await drained({ database, times }, batch.count, span(bench));
  } finally {
    await peer.end();
    await broker.remove(queue);
  }
}

async function rawRound(bench: Workbench, { lab, broker, queues }: Installation, batch: Batch): Promise<number> {
  const { database } = lab;
  await broker.purge(queues);
  await database.query('truncate platform.commands');
  await broker.publish(envelopes(lab.broker, batch), lab.broker.topology.commands);
  const peer = await PeerProcess.start('raw-sql/worker', {
    DATABASE_URL: database.url,
    RABBITMQ_URL: bench.servers.rabbitmqUrl,
    QUEUE: queues.join(','),
  });
  try {
    return await drained({ database, times: tasksRun }, batch.count, span(bench));
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
