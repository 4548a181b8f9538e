import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

export type Migration = new () => MigrationInterface;

/** Any number will do, as long as all migrators use the same. */
const advisoryLock = 6_001_317;

/**
 * Brings the schema up to date. Safe to run from several processes at once: an advisory lock lets one through at a time.
 * @returns the names of the migrations that it ran
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'contextflow-migrate' });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [advisoryLock]);
    await lock.query('create schema if not exists platform');
    const source = new DataSource({
      type: 'postgres',
      url,
      schema: 'platform',
      synchronize: false,
      migrations: [...migrations],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      return (await source.runMigrations()).map(({ name }) => name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
