import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

import { postgresTarget } from '../config/server-tls.js';
import { isInfrastructure } from './errors.js';
import { migrationState } from './migration-state.js';

export type Migration = new () => MigrationInterface;

/** Any number will do, as long as all migrators use the same. */
const advisoryLock = 6_001_317;

/** There is no way back as asked. The message says why, and what to do. */
export class CannotRevert extends Error {}

/** A migration failed, and its message says which and why. Those before it have run. */
export class MigrationFailed extends Error {}

/**
 * Brings the schema up to date. Safe to run from several processes at once: an advisory lock lets one through at a time.
 * @returns the names of the migrations that it ran
 * @throws MigrationFailed naming the one
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<string[]> {
  return exclusively(url, migrations, async (source) => {
    try {
      return (await source.runMigrations()).map(({ name }) => name);
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      const { pending } = await migrationState(source, namesOf(migrations));
      throw new MigrationFailed(`${pending[0]} failed: ${(error as Error).message}`, { cause: error });
    }
  });
}

/**
 * Takes the schema back by running the last migrations' `down`, newest first, each in a transaction of its own.
 * @param choose which of the applied ones (oldest first) to revert: the last so many
 * @returns the names of the migrations that it reverted, newest first
 * @throws CannotRevert, before anything has changed
 */
export async function revert(
  url: string,
  migrations: readonly Migration[],
  choose: (applied: readonly string[]) => number,
): Promise<string[]> {
  return exclusively(url, migrations, async (source) => {
    const { applied } = await migrationState(source, namesOf(migrations));
    const count = choose(applied);
    const chosen = count > 0 ? applied.slice(-count).reverse() : [];
    const foreign = chosen.filter((name) => !migrations.some((migration) => migration.name === name));
    if (foreign.length > 0)
      throw new CannotRevert(
        `${foreign.join(', ')} is not part of this release: only the release that brought it knows its way back, so run that one`,
      );
    for (const name of chosen) {
      const migration = source.migrations.find((candidate) => candidate.constructor.name === name);
      await source.undoLastMigration({ transaction: migration?.transaction === false ? 'none' : 'each' });
    }
    return chosen;
  });
}

/** @throws CannotRevert */
export const lastSteps =
  (steps: number) =>
  (applied: readonly string[]): number => {
    if (steps > applied.length)
      throw new CannotRevert(`only ${applied.length} migrations are applied: ask for at most so many steps`);
    return steps;
  };

/**
 * All that came after that migration, which stays.
 * @throws CannotRevert when it is not applied
 */
export const downTo =
  (name: string) =>
  (applied: readonly string[]): number => {
    if (!applied.includes(name))
      throw new CannotRevert(`"${name}" is not applied: choose one of ${applied.join(', ') || 'none'}`);
    return applied.length - 1 - applied.indexOf(name);
  };

export const namesOf = (migrations: readonly Migration[]): string[] => migrations.map(({ name }) => name);

async function exclusively<T>(
  address: string,
  migrations: readonly Migration[],
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const { url, tls } = postgresTarget(address);
  const lock = new pg.Client({
    connectionString: url,
    ssl: tls,
    application_name: 'contextflow-migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Its loss between two statements is told by an event alone; what runs meanwhile fails by itself.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    while (!(await taken(lock))) await delay(200);
    await lock.query('create schema if not exists platform');
    const source = new DataSource({
      type: 'postgres',
      driver: pg,
      url,
      extra: { ssl: tls },
      schema: 'platform',
      synchronize: false,
      migrations: [...migrations],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}

/** Asked again and again: whoever waits inside a statement would hold up, for ever, an index that is built concurrently. */
async function taken(lock: pg.Client): Promise<boolean> {
  const { rows } = await lock.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [advisoryLock]);
  return rows[0]?.taken === true;
}
