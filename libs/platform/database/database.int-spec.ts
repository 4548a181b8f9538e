import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from './database.js';
import { CommitRefused, DatabaseClosed, DatabaseUnavailable, isInfrastructure, OutcomeUnknown } from './errors.js';

let world: ConnectedDatabase;
let database: Database;

const insert = { name: 'insert_number', text: 'insert into numbers values ($1)' };
const double = { name: 'double_number', text: 'update numbers set n = 2 * n where n = $1' };
const killItself = { name: 'kill_itself', text: 'select pg_terminate_backend(pg_backend_pid())' };

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
  await world.rows.query(`
    create table numbers (n int primary key);
    create function end_connection() returns trigger language plpgsql as
      'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
    create constraint trigger deadly after insert on numbers deferrable initially deferred
      for each row when (new.n = 666) execute function end_connection();`);
});
afterAll(() => world.remove());

const numbers = async (): Promise<number[]> =>
  (await world.rows.query<{ n: number }>('select n from numbers order by n')).map(({ n }) => n);
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

describe('A transaction', () => {
  it('is committed as a whole, or not at all', async () => {
    await database.transaction(async (transaction) => {
      await transaction.query(insert, [1]);
      await transaction.query(insert, [2]);
    });
    const failed = database.transaction(async (transaction) => {
      await transaction.query(insert, [3]);
      await transaction.query(insert, [1]);
    });
    await expect(failed).rejects.toThrow('numbers_pkey');
    expect(await numbers()).toEqual([1, 2]);
  });

  it('is not taken for committed when the server rolled it back without a word', async () => {
    const swallowed = database.transaction(async (transaction) => {
      await transaction.query(insert, [4]);
      await transaction.query(insert, [1]).catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(CommitRefused);
    expect(await numbers()).not.toContain(4);
  });

  it('that loses its connection during COMMIT has an unknown outcome', async () => {
    const lost = database.transaction((transaction) => transaction.query(insert, [666]));
    await expect(lost).rejects.toThrow(OutcomeUnknown);
  });

  it('that loses its connection before COMMIT did not happen', async () => {
    const error = await thrownBy(
      database.transaction(async (transaction) => {
        await transaction.query(insert, [5]);
        await transaction.query(killItself, []);
      }),
    );
    expect(error).not.toBeInstanceOf(OutcomeUnknown);
    expect(isInfrastructure(error)).toBe(true);
    expect(await numbers()).not.toContain(5);
  });
});

describe('Statements that a transaction does not wait for', () => {
  it('are committed with it, in their order', async () => {
    await database.transaction(async (transaction) => {
      await transaction.unawaited.query(insert, [20]);
      await transaction.unawaited.query(double, [20]);
    });
    expect(await numbers()).toContain(40);
  });

  it('undo all of it when one of them fails, for the reason of the first that did', async () => {
    const failed = database.transaction(async (transaction) => {
      await transaction.query(insert, [21]);
      await transaction.unawaited.query(insert, [1]);
      await transaction.unawaited.query(insert, [22]);
      transaction.notify('somebody');
    });
    await expect(failed).rejects.toThrow('numbers_pkey');
    expect((await numbers()).filter((n) => n > 20 && n < 30)).toEqual([]);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('do not hide what the work itself says is wrong', async () => {
    const failed = database.transaction(async (transaction) => {
      await transaction.unawaited.query(insert, [1]);
      queueMicrotask(() => void transaction.unawaited.query(insert, [25]));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await numbers()).not.toContain(25);
  });

  it('leave the outcome unknown when the connection is lost, since COMMIT was on its way', async () => {
    const lost = database.transaction((transaction) => transaction.unawaited.query(killItself, []));
    await expect(lost).rejects.toThrow(OutcomeUnknown);
  });

  it('cannot be asked for by what is left of work that has failed', async () => {
    const late: Promise<unknown>[] = [];
    const over = Promise.withResolvers<void>();
    const failed = database.transaction(async (transaction) => {
      late.push(
        over.promise.then(() => transaction.query(insert, [23])),
        over.promise.then(() => transaction.unawaited.query(insert, [24])),
      );
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    over.resolve();
    expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((await numbers()).filter((n) => n === 23 || n === 24)).toEqual([]);
  });
});

describe('Connections', () => {
  it('that were lost are replaced', async () => {
    await world.rows.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await database.whenReachable();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(database.reachable).toBe(true);
  });

  it('keep nothing of a transaction that failed', async () => {
    await thrownBy(
      database.transaction(async (transaction) => {
        await transaction.query(insert, [7]);
        throw new Error('changed my mind');
      }),
    );
    expect(
      await database.query(
        `select count(*)::int as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      ),
    ).toEqual([{ open: 0 }]);
  });
});

describe('A database that was closed', () => {
  it('cannot be reached, and is not said to be', async () => {
    const closed = await world.connect();
    await closed.onApplicationShutdown();
    await expect(closed.query('select 1')).rejects.toThrow(DatabaseUnavailable);
    expect(await closed.probe()).toBe(false);
    // Whoever tries again after this, without looking, would never let the process end.
    await expect(closed.whenReachable()).rejects.toThrow(DatabaseClosed);
  });
});
