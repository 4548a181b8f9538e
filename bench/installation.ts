import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { Broker } from './broker.js';
import type { Workbench } from './workbench.js';

/** An installation of ContextFlow, with the means to fill its queues. */
export interface Installation {
  readonly lab: Lab;
  readonly broker: Broker;
  /** Of the tasks' commands. */
  readonly queues: readonly string[];
}

/** The most that may wait: a round fills the queues on purpose. */
export const environment = { BACKLOG_LIMIT: '10000000' };

/** A database and queues of a row's own, and no process yet. */
export async function install(bench: Workbench): Promise<Installation> {
  const lab = await Lab.open(bench.servers);
  bench.after(() => lab.close());
  // Tests hear every event, by a queue that would be work for the broker here.
  await lab.broker.deleteQueue(`${lab.broker.prefix}.subscriber`);
  const broker = await Broker.connect(bench.servers.rabbitmqUrl);
  bench.after(() => broker.close());
  return { lab, broker, queues: await broker.declareTasks(lab.broker) };
}

/** Whoever follows the log in a worker, by the names of their checkpoints. */
export const followers = ['tasks.task_summary', 'platform.activity', 'relay'];

/** A worker runs until nobody has to read anything that was written before: that is no part of what comes. */
export async function readByAll({ lab }: Installation): Promise<void> {
  const worker = await lab.worker(environment);
  const read = async (): Promise<boolean> => {
    const { n } = await lab.database.one<{ n: number }>(
      `select count(*)::int as n from platform.checkpoints
       where name = any($1) and position >= (select max(position) from platform.events)`,
      [followers],
    );
    return n === followers.length;
  };
  await eventually('all of the log is read', read, { within: 600_000, every: 100 });
  await worker.terminate();
}
