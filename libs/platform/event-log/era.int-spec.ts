import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { belowHorizon } from '#testing/below-horizon.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { Checkpoints } from './checkpoints.js';
import { beginning } from './cursor.js';
import { beginEra, inSameCluster } from './era.js';
import { LogReader } from './log-reader.js';

let world: ConnectedDatabase;
let database: Database;
let reader: LogReader;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  reader = new LogReader(database);
});
afterAll(() => world.remove());

const columns = 'stream_type, stream_id, version, type, data, metadata, occurred_at';
const append = (type: string): Promise<unknown> =>
  world.rows.query(`insert into platform.events (${columns}) values ('store.box', $1, 1, $2, '{}', '{}', now())`, [
    randomUUID(),
    type,
  ]);
/** Written in a cluster that had come further. */
const restore = (type: string, xid: string): Promise<unknown> =>
  world.rows.query(
    `insert into platform.events (${columns}, xid) values ('store.box', $1, 1, $2, '{}', '{}', now(), $3::text::xid8)`,
    [randomUUID(), type, xid],
  );
async function read(): Promise<string[]> {
  await belowHorizon(world.rows);
  return (await reader.beyond(beginning, 100)).events.map(({ type }) => type);
}

describe('A log that was restored into another cluster', () => {
  it('is told from one in its own', async () => {
    expect(await inSameCluster(database)).toBe(true);
    await world.rows.query('update platform.log set system_identifier = system_identifier - 1');
    expect(await inSameCluster(database)).toBe(false);
  });

  it('hides what it brought, whose transactions seem to lie in the future', async () => {
    await restore('restored first', '9000000000000');
    await restore('restored second', '9000000000001');
    await append('written too early');
    expect(await read()).toEqual(['written too early']);
  });

  it('is read in full and in order once a new era has begun, new events behind all that it brought', async () => {
    const checkpoints = new Checkpoints(database);
    expect(await beginEra(database)).toBe(2);
    await append('new');
    expect(await read()).toEqual(['written too early', 'restored first', 'restored second', 'new']);
    expect(await inSameCluster(database)).toBe(true);

    // A reader that had been far in the old cluster misses nothing of the new era, and reads nothing twice.
    await checkpoints.advance('far', beginning, { era: 1, xid: '9000000000001', position: '9000000000000' });
    const { events } = await reader.beyond(await checkpoints.read('far'), 100);
    expect(events.map(({ type, cursor }) => `${type} ${cursor.era}`)).toEqual(['new 2']);
  });

  it('may be restored again, and again', async () => {
    expect(await beginEra(database)).toBe(3);
    await append('newer');
    expect((await read()).slice(-2)).toEqual(['new', 'newer']);
  });

  it('begins no era in the middle of a transaction that writes the one before', async () => {
    const other = await world.connect();
    const written = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const writing = other.transaction(async (transaction) => {
      const text = `insert into platform.events (${columns}) values ('store.box', $1, $2, 'part', '{}', '{}', now())`;
      const stream = randomUUID();
      await transaction.query({ name: 'one', text }, [stream, 1]);
      written.resolve();
      await release.promise;
      await transaction.query({ name: 'two', text }, [stream, 2]);
    });
    await written.promise;
    const raised = beginEra(database);
    release.resolve();
    await writing;
    expect(await raised).toBe(4);
    const parts = await world.rows.query(`select distinct era from platform.events where type = 'part'`);
    expect(parts).toEqual([{ era: 3 }]);
    await append('newest');
    expect((await read()).slice(-3)).toEqual(['part', 'part', 'newest']);
  });
});
