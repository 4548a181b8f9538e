import type { Projection } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { Checkpoints } from '#platform/event-log/checkpoints.js';
import { addressed, folded } from '#platform/projections/fold-events.js';
import { LogPages } from '#platform/projections/log-pages.js';
import { ReadModelTable } from '#platform/projections/read-model-table.js';

import { privacyOf } from './privacy.js';

/** Has an asynchronous projection show all that is in the log, as a worker would in its own time. */
export async function caughtUp(database: Database, projection: Projection): Promise<void> {
  const pages = new LogPages(projection, privacyOf(database));
  const table = new ReadModelTable(database, projection);
  const from = await new Checkpoints(database).read(projection.name);
  const { end, events } = await pages.visible(database, from, 1_000_000);
  if (!end) return;
  await database.transaction(async (transaction) => {
    const found = addressed(projection, events);
    const rows = await table.rows(transaction, [...new Set(found.map(({ id }) => id))]);
    await table.write(transaction, folded(projection, rows, found));
    await new Checkpoints(transaction).advance(projection.name, from, end);
  });
}
