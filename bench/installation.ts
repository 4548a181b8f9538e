import { Lab } from '#testing/lab.js';

import { Broker } from './broker.js';
import type { Workbench } from './workbench.js';

/** An installation of ContextFlow, with the means to fill and to empty it between rounds. */
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

/** Nothing has happened yet, and nothing waits. */
export async function empty({ lab, broker, queues }: Installation): Promise<void> {
  await broker.purge(queues);
  await lab.database.query('truncate platform.commands, platform.events, tasks.task_list, tasks.task_summary');
  await lab.database.query('truncate platform.activity');
}
