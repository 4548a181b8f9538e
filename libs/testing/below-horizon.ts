import { eventually } from './eventually.js';
import type { TestDatabase } from './test-database.js';

/**
 * Resolves when readers of the log may see all that was committed by now: a transaction in any database of the server holds
 * the horizon back for as long as it lasts.
 */
export async function belowHorizon(database: TestDatabase): Promise<void> {
  const { xid } = await database.one<{ xid: string }>('select pg_current_xact_id()::text as xid');
  await eventually('all is below the horizon', async () => {
    const { passed } = await database.one<{ passed: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as passed',
      [xid],
    );
    return passed;
  });
}
