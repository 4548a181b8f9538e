import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { pruneCommands, type PruneProgress } from './prune.js';

const limits = { payloadDays: 30, inboxDays: 90 };
let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
beforeEach(() => world.rows.query('delete from platform.commands'));
afterAll(() => world.remove());

/** Stores commands that were settled so many days ago, and a moment: times go to the milliseconds of a program and back. */
async function settled(days: number, count = 1): Promise<string> {
  const id = randomUUID();
  await world.rows.query(
    `insert into platform.commands (id, key_hash, type, context, lane, resource_id, author, fingerprint, payload, status, result,
       attempts, accepted_at, settled_at)
     select case n when 1 then $1 else gen_random_uuid() end, decode(md5($1::text || n), 'hex'), 't', 'c', 'l', 'r', 'a', '\\x01',
       '{"a": 1}', 'succeeded', '{"version": 1}', 1, now() - make_interval(days => $2, secs => 1), now() - make_interval(days => $2, secs => 1)
     from generate_series(1, $3) n`,
    [id, days, count],
  );
  return id;
}

const stored = (id: string) =>
  world.rows.query(
    'select payload, result, status, key_hash is not null as keyed, fingerprint is not null as printed from platform.commands where id = $1',
    [id],
  );
const whole = { payload: { a: 1 }, result: { version: 1 }, status: 'succeeded', keyed: true, printed: true };

describe('Pruning', () => {
  it('leaves young commands as they are', async () => {
    const id = await settled(29);
    expect(await pruneCommands(database, limits, { dry: false })).toEqual({ emptied: 0, removed: 0 });
    expect(await stored(id)).toEqual([whole]);
  });

  it('takes payload and result of older ones, and leaves what recognises a copy', async () => {
    const id = await settled(31);
    expect(await pruneCommands(database, limits, { dry: false })).toEqual({ emptied: 1, removed: 0 });
    expect(await stored(id)).toEqual([{ ...whole, payload: null, result: null }]);
  });

  it('removes a row only a day after the last moment at which a copy could begin to run', async () => {
    const [last, old] = [await settled(90), await settled(91)];
    expect(await pruneCommands(database, limits, { dry: false })).toEqual({ emptied: 1, removed: 1 });
    expect(await stored(last)).toHaveLength(1);
    expect(await stored(old)).toEqual([]);
  });

  it('finds nothing to do the second time', async () => {
    await settled(31);
    await settled(120);
    await pruneCommands(database, limits, { dry: false });
    expect(await pruneCommands(database, limits, { dry: false })).toEqual({ emptied: 0, removed: 0 });
  });

  it('only counts, when asked', async () => {
    const ids = [await settled(31), await settled(120)];
    expect(await pruneCommands(database, limits, { dry: true })).toEqual({ emptied: 1, removed: 1 });
    for (const id of ids) expect(await stored(id)).toEqual([whole]);
  });

  it('goes through a table of any size in small transactions, and tells how far it is', async () => {
    await settled(120, 20_000);
    await settled(40, 20_000);
    const told: PruneProgress[] = [];
    const pruned = await pruneCommands(database, limits, { dry: false, tell: (progress) => told.push(progress) });
    expect(pruned).toEqual({ emptied: 20_000, removed: 20_000 });
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toMatchObject({ ...pruned, pages: told[0]?.of });
    expect(told.map(({ pages }) => pages)).toEqual(told.map(({ pages }) => pages).sort((a, b) => a - b));
  });
});
