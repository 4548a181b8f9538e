import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from './database.js';

let world: ConnectedDatabase;
let database: Database;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
});
afterAll(() => world.remove());

const isListener = `datname = current_database() and application_name like '% listener'`;
const listeners = async (): Promise<number> =>
  (await world.rows.one<{ n: number }>(`select count(*)::int as n from pg_stat_activity where ${isListener}`)).n;

/** A listener that has begun to listen, and how often it has been called since. */
async function listening(channel: string): Promise<() => number> {
  let heard = 0;
  stop = database.listen(channel, () => heard++);
  // It calls once when it begins: what came before is found by looking.
  await eventually('it listens', () => heard > 0, { every: 5 });
  const before = heard;
  return () => heard - before;
}

describe('Whoever listens to a channel', () => {
  it('hears what is notified there, and nothing else', async () => {
    const heard = await listening('doorbell');
    await world.rows.query('notify telephone');
    await world.rows.query('notify doorbell');
    await eventually('it is heard', () => heard() > 0, { every: 5 });
    expect(heard()).toBe(1);
  });

  it('hears again after the connection was lost, and is told to look for what it missed', async () => {
    const heard = await listening('doorbell');
    await world.rows.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${isListener}`);
    await eventually('it is told to look', () => heard() === 1, { every: 10 });
    await world.rows.query('notify doorbell');
    await eventually('it hears', () => heard() === 2, { every: 5 });
  });

  it('leaves no connection behind when it stops, whether it listens or is about to', async () => {
    await listening('doorbell');
    await stop?.();
    await database.listen('doorbell', () => undefined)();
    await eventually('nobody listens', async () => (await listeners()) === 0);
  });
});

describe('What a transaction tells', () => {
  const insert = { name: 'nothing', text: 'select 1' };

  it('is heard once it has committed, and not at all when it failed', async () => {
    const heard = await listening('doorbell');
    const failed = database.transaction(async (transaction) => {
      await transaction.query(insert, []);
      transaction.notify('doorbell');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    const held = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const kept = database.transaction(async (transaction) => {
      transaction.notify('doorbell');
      told.resolve();
      await held.promise;
    });
    await told.promise;
    await world.rows.query('select 1');
    expect(heard()).toBe(0);
    held.resolve();
    await kept;
    await eventually('it is heard', () => heard() > 0, { every: 5 });
  });
});
