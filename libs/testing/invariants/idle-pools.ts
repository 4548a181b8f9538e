import { eventually } from '../eventually.js';
import { scrape } from '../scrape.js';
import type { TestDatabase } from '../test-database.js';
import type { Invariant } from './evidence.js';

/** A scrape asks the database itself: whether it answers, and for the log, the flow of events and what is set aside. */
const ofTheScrape = 4;

/** I9: every process has all its connections to the database back, and nobody waits for one. */
export const idlePools: Invariant = async ({ processes, database }) => {
  const findings = processes
    .filter(({ running }) => running)
    .map(async ({ name, port }) => {
      try {
        await eventually(
          `the pool of ${name} is idle`,
          async () => {
            const { value } = await scrape(port);
            const busy = value('contextflow_database_pool_connections', { state: 'busy' }) ?? Infinity;
            const waiting = value('contextflow_database_pool_waiting') ?? Infinity;
            if (busy + waiting <= ofTheScrape) return true;
            throw new Error(`${busy} connections are busy, ${waiting} are waited for`);
          },
          { within: 10_000 },
        );
        return [];
      } catch (error) {
        return [`I9: ${(error as Error).message}\n${await atWork(database)}`];
      }
    });
  return (await Promise.all(findings)).flat();
};

/** What the server says of the connections that do something. */
async function atWork(database: TestDatabase): Promise<string> {
  const connections = await database.query(
    `select application_name, pid, state, wait_event, now() - state_change as since, left(query, 200) as query
     from pg_stat_activity where datname = current_database() and application_name like 'contextflow-%'
       and application_name <> 'contextflow-test' and state <> 'idle'`,
  );
  return connections.map((connection) => JSON.stringify(connection)).join('\n');
}
