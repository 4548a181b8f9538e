import { UpdateTask } from '#contexts/tasks/contract/index.js';

import { drained } from '../drain.js';
import { environment, install, readByAll } from '../installation.js';
import { contextFlow, type Row } from '../row.js';
import { existingTasks, longStream } from '../seed.js';
import { envelope, taskId, userId } from '../work.js';
import { tasksRun } from './process.js';

const events = 10_000;

export const hotAggregate: Row = {
  name: 'hot-aggregate',
  title: `hot aggregate: one stream of ${events.toLocaleString('en-US')} events`,
  unit: 'commands/s',
  goals: [{ of: contextFlow, atLeast: 300 }],
  notes: ['All commands are for one task, so that each needs the outcome of the one before.'],

  async measure(bench) {
    const installation = await install(bench);
    const { lab, broker } = installation;
    const count = bench.size(5_000, 1_500);
    const [id, owner] = [taskId(0), userId(0)];
    await existingTasks(lab.database, 1);
    await longStream(lab.database, id, events);
    await readByAll(installation);
    const round = async (): Promise<number> => {
      await lab.database.query('truncate platform.commands');
      const commands = Array.from({ length: count }, (_, n) =>
        envelope(
          lab.broker,
          new UpdateTask({ taskId: id, userId: owner, title: `title ${n} of ${Date.now()}` }),
          owner,
        ),
      );
      await broker.publish(commands, lab.broker.topology.commands);
      const worker = await lab.worker(environment);
      try {
        const journal = { database: lab.database, times: tasksRun };
        return await drained(journal, count, { skip: 1_000, most: bench.size(10_000, 4_000) });
      } finally {
        await worker.terminate();
      }
    };
    const figures: number[] = [];
    bench.expect(bench.rounds);
    for (let n = 1; n <= bench.rounds; n++) figures.push(await bench.step(`round ${n} of ${bench.rounds}`, round));
    return { [contextFlow]: figures };
  },
};
