import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from '../database/database.js';
import { Partitions } from './partitions.js';

let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
afterAll(() => world.remove());

describe('The number of partitions', () => {
  it('is what the settings want for a context that is new', async () => {
    expect(await new Partitions(database, ['one', 'two'], 4).counts()).toEqual(
      new Map([
        ['one', 4],
        ['two', 4],
      ]),
    );
  });

  it('stays what the database says, whatever the settings want later', async () => {
    await new Partitions(database, ['old'], 4).counts();
    expect(await new Partitions(database, ['old', 'new'], 16).counts()).toEqual(
      new Map([
        ['new', 16],
        ['old', 4],
      ]),
    );
  });

  it('is the same for all who come at once with different settings', async () => {
    const wanted = [2, 3, 5, 7];
    const known = await Promise.all(
      wanted.map(async (count) => (await new Partitions(database, ['contended'], count).counts()).get('contended')),
    );
    expect(new Set(known).size).toBe(1);
    expect(wanted).toContain(known[0]);
  });

  it('is known once it was read', async () => {
    const partitions = new Partitions(database, ['late'], 8);
    expect(partitions.known.get('late')).toBeUndefined();
    await partitions.counts();
    expect(partitions.known.get('late')).toBe(8);
  });
});

describe('A change of the number of partitions', () => {
  const changed = (name: string, assignment: string) =>
    world.rows.query(`update platform.contexts set ${assignment} where name = $1`, [name]);

  it('is noticed, and told', async () => {
    const partitions = new Partitions(database, ['moving'], 4);
    await partitions.counts();
    let told = 0;
    partitions.onChange(() => told++);
    await partitions.refresh();
    expect([partitions.changing('moving'), told]).toEqual([false, 0]);
    await changed('moving', 'changing_to = 8');
    await partitions.refresh();
    expect([partitions.changing('moving'), partitions.known.get('moving'), told]).toEqual([true, 4, 1]);
    await changed('moving', 'partitions = 8, changing_to = null');
    await partitions.refresh();
    expect([partitions.changing('moving'), partitions.known.get('moving'), told]).toEqual([false, 8, 2]);
    partitions.onModuleDestroy();
  });

  it('is noticed without anybody asking', async () => {
    const partitions = new Partitions(database, ['watched'], 4);
    await partitions.counts();
    await changed('watched', 'partitions = 5');
    await eventually('it is noticed', () => partitions.known.get('watched') === 5);
    partitions.onModuleDestroy();
  });

  it('begins only when nobody works with the old one any more', async () => {
    const partitions = new Partitions(database, ['held'], 4);
    await partitions.counts();
    const done: string[] = [];
    let beginning: Promise<unknown> | undefined;
    const worked = await partitions.whileUnchanged('held', async (count) => {
      beginning = changed('held', 'changing_to = 8').then(() => done.push('changing'));
      await eventually('the change waits', async () => {
        const [row] = await world.rows.query<{ waiting: number }>(
          `select count(*)::int as waiting from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like 'update platform.contexts%'`,
        );
        return row?.waiting === 1;
      });
      done.push(`worked with ${count}`);
    });
    await beginning;
    expect([worked, ...done]).toEqual([true, 'worked with 4', 'changing']);
    partitions.onModuleDestroy();
  });

  it('lets nobody work with either, while it is under way', async () => {
    const partitions = new Partitions(database, ['between'], 4);
    await partitions.counts();
    await changed('between', 'changing_to = 8');
    expect(await partitions.whileUnchanged('between', () => Promise.reject(new Error('it ran')))).toBe(false);
    partitions.onModuleDestroy();
  });
});
