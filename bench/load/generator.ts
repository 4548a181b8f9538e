import { setTimeout as delay } from 'node:timers/promises';

import { percentile } from '../statistics.js';
import { Connection } from './connection.js';
import type { LoadResult, LoadTask } from './load.js';

process.on('message', (task: LoadTask) => {
  void run(task).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function run({
  port,
  connections,
  requests,
  seconds,
  count = Infinity,
  perSecond,
}: LoadTask): Promise<LoadResult> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  let sent = 0;
  let turn = began;

  const clerk = async (connection: Connection): Promise<void> => {
    while (sent < count && performance.now() < end) {
      const request = requests[sent++ % requests.length] as string;
      if (perSecond !== undefined) {
        turn = Math.max(turn, performance.now() - 100) + 1_000 / perSecond;
        await delay(Math.max(0, turn - performance.now()));
      }
      const at = performance.now();
      const status = await connection.send(request);
      times.push(performance.now() - at);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };

  try {
    await Promise.all(open.map(clerk));
  } finally {
    for (const connection of open) connection.close();
  }
  const took = (performance.now() - began) / 1_000;
  return {
    answered: times.length,
    seconds: took,
    statuses,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
  };
}
