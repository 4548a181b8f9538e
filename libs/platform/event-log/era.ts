import type { Database } from '../database/database.js';

const same = {
  name: 'era_same_cluster',
  text: 'select l.system_identifier = c.system_identifier as same from platform.log l, pg_control_system() c',
};

const raise = {
  name: 'era_raise',
  text: `
    update platform.log set era = era + 1, system_identifier = (select system_identifier from pg_control_system())
    returning era`,
};

/**
 * Whether the database still lives in the cluster that wrote the log. In another one (restored from a dump) transaction
 * ids begin anew, and new events would sort before old ones.
 */
export async function inSameCluster(database: Database): Promise<boolean> {
  const [row] = await database.query<{ same: boolean }>(same);
  return row?.same ?? true;
}

/**
 * Begins a new era of the log: what is written from now on sorts behind all that is there.
 * @returns its number
 */
export async function beginEra(database: Database): Promise<number> {
  return database.transaction(async (transaction) => {
    const [row] = await transaction.query<{ era: number }>(raise, []);
    const era = row?.era ?? 1;
    // A default takes no parameter; the number is one that this statement has just made.
    await transaction.query(
      { name: `era_default_${era}`, text: `alter table platform.events alter column era set default ${era}` },
      [],
    );
    await transaction.query(
      { name: `era_of_commands_${era}`, text: `alter table platform.commands alter column era set default ${era}` },
      [],
    );
    return era;
  });
}
