import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

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
