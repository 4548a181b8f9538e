import { eventually } from '../eventually.js';
import type { Invariant } from './evidence.js';

/** I9: nobody keeps a transaction open or holds an advisory lock. */
export const idleDatabase: Invariant = async ({ database, patience = 5_000 }) => {
  try {
    await eventually(
      'no transaction is left open and no advisory lock held',
      async () => {
        const { open, locks } = await database.one<{ open: number; locks: number }>(
          `select
             (select count(*)::int from pg_stat_activity where datname = current_database()
                and pid <> pg_backend_pid()
                and (state like 'idle in transaction%' or xact_start < now() - interval '1 second')) as open,
             (select count(*)::int from pg_locks l join pg_database d on d.oid = l.database
                where l.locktype = 'advisory' and d.datname = current_database()) as locks`,
        );
        if (open + locks > 0) throw new Error(`${open} transactions, ${locks} locks`);
        return true;
      },
      { within: patience },
    );
    return [];
  } catch (error) {
    return [`I9: ${(error as Error).message}`];
  }
};
