import { alive } from '#platform/database/alive.js';

import type { AppProcess } from './app-process.js';
import { eventually } from './eventually.js';
import type { Lab } from './lab.js';

/** How many partitions all contexts have; each number is even. */
export const partitions = async ({ database }: Lab): Promise<number> =>
  (await database.one<{ all: number }>('select sum(partitions)::int as all from platform.contexts')).all;

/** How many partitions a worker says it holds: none while it is silent, whatever it said before. */
export async function held({ database }: Lab, { pid }: AppProcess): Promise<number> {
  const rows = await database.query<{ held: number }>(
    `select (select count(*)::int from unnest(slots) as slot where slot like '%.commands.%') as held
     from platform.workers w where w.pid = $1 and ${alive('w')}`,
    [pid],
  );
  return rows[0]?.held ?? 0;
}

/** Resolves when the worker says that it holds that share of all partitions. */
export async function holds(lab: Lab, worker: AppProcess, share: 'all' | 'half'): Promise<void> {
  await eventually(
    `${worker.name} holds ${share} of the partitions`,
    async () => {
      const [all, its] = await Promise.all([partitions(lab), held(lab, worker)]);
      if (all === 0 || its !== (share === 'all' ? all : all / 2)) throw new Error(`it holds ${its} of ${all}`);
      return true;
    },
    { within: 60_000, every: 100 },
  );
}
