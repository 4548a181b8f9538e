import { CompleteTask } from '#contexts/tasks/contract/index.js';
import { eventually } from '#testing/eventually.js';

import { environment, install, readByAll } from '../installation.js';
import type { Row } from '../row.js';
import { existingTasks } from '../seed.js';
import { percentile } from '../statistics.js';
import { envelope, taskId, userId } from '../work.js';

export const eventReach: Row = {
  name: 'event-reach',
  title: "event reach: commit until another context's command is committed",
  unit: 'ms',
  goals: [{ of: 'p50', atMost: 25 }],
  notes: [
    "A task is completed, and a policy of notifications tells its owner: from the time of the one transaction to that of the other, by the database's clock. One after the other, nothing else at work.",
  ],

  async measure(bench) {
    const installation = await install(bench);
    const { lab, broker } = installation;
    const count = bench.size(100, 20);
    await existingTasks(lab.database, (bench.rounds + 1) * count);
    await readByAll(installation);
    await lab.worker(environment);
    const reached = async (n: number): Promise<number> => {
      const command = envelope(lab.broker, new CompleteTask({ taskId: taskId(n), userId: userId(n) }), userId(n));
      await broker.publish([command], lab.broker.topology.commands);
      const { ms } = await eventually('the owner is told', () => told(command.properties.correlationId as string), {
        within: 30_000,
        every: 5,
      });
      return ms;
    };
    const told = async (correlation: string): Promise<{ ms: number } | undefined> =>
      (
        await lab.database.query<{ ms: number }>(
          `select extract(epoch from min(n.settled_at) - min(t.settled_at))::float * 1000 as ms
           from platform.commands t join platform.commands n using (correlation_id)
           where t.correlation_id = $1 and t.context = 'tasks' and n.context = 'notifications' having count(*) > 0`,
          [correlation],
        )
      )[0];

    const p50: number[] = [];
    bench.expect(bench.rounds);
    for (let n = 0; n < count; n++) await reached(n);
    for (let round = 1; round <= bench.rounds; round++) {
      const times = await bench.step(`round ${round}`, async () => {
        const taken: number[] = [];
        for (let n = 0; n < count; n++) taken.push(await reached(round * count + n));
        return taken;
      });
      p50.push(percentile(times, 50));
    }
    return { p50 };
  },
};
