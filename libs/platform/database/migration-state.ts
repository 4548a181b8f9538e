/** Runs one statement. */
export interface Asked {
  query(text: string): Promise<readonly unknown[]>;
}

export interface MigrationState {
  /** In the order in which they ran. */
  readonly applied: readonly string[];
  /** In the order in which they will run. */
  readonly pending: readonly string[];
  /** Applied, but not among those of this release: a newer one has been here. */
  readonly unknown: readonly string[];
}

/** What has run in a database, and what has not. Changes nothing, not even in an empty database. */
export async function migrationState(database: Asked, known: readonly string[]): Promise<MigrationState> {
  const [table] = (await database.query(`select to_regclass('platform.migrations')::text as name`)) as [
    { name: string | null },
  ];
  const rows = table.name === null ? [] : await database.query('select name from platform.migrations order by id');
  const applied = (rows as { name: string }[]).map(({ name }) => name);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}
