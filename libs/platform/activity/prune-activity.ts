import type { Database, Statement } from '../database/database.js';

const old: Statement = {
  name: 'prune_activity_old',
  text: `select now() - make_interval(days => $1) as before`,
};

const count: Statement = {
  name: 'prune_activity_count',
  text: 'select count(*)::int as rows from platform.activity where occurred_at < $1',
};

const prune: Statement = {
  name: 'prune_activity_batch',
  text: `
    with removed as (
      delete from platform.activity where id = any(array(
        select id from platform.activity where occurred_at < $1 order by occurred_at, id limit $2
      )) returning 1
    )
    select count(*)::int as rows from removed`,
};

/** A transaction of its own each: whoever exchanges the table waits for one, and no longer. */
const batch = 5_000;

/**
 * Removes rows of the feed about events that occurred so many days ago. It can be ended and begun again at any time. A
 * rebuild folds the whole log, and brings back what is old until it is pruned again.
 * @param days 0 keeps everything
 * @param dry only counts
 * @returns how many rows went
 */
export async function pruneActivity(
  database: Database,
  days: number,
  { dry, tell = () => undefined }: { readonly dry: boolean; readonly tell?: (removed: number) => void },
): Promise<number> {
  if (days === 0) return 0;
  const [limit] = await database.query<{ before: Date }>(old, [days]);
  const rowsOf = async (statement: Statement, ...values: readonly unknown[]): Promise<number> =>
    (await database.query<{ rows: number }>(statement, [limit?.before, ...values]))[0]?.rows ?? 0;
  if (dry) return rowsOf(count);
  for (let removed = 0; ;) {
    const rows = await rowsOf(prune, batch);
    removed += rows;
    if (rows > 0) tell(removed);
    if (rows < batch) return removed;
  }
}
