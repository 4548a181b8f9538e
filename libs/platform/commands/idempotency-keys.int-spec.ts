import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from '../database/database.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import type { CommandIdentity } from './command-ids.js';
import { IdempotencyKeys } from './idempotency-keys.js';

let world: ConnectedDatabase;
let database: Database;
let keys: IdempotencyKeys;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  keys = new IdempotencyKeys(database);
});
afterAll(() => world.remove());

const request = (more: Partial<CommandIdentity> = {}): CommandIdentity => ({
  id: randomUUID(),
  keyHash: randomBytes(32),
  fingerprint: randomBytes(32),
  ...more,
});
/** Another request under the same key. */
const another = (first: CommandIdentity): CommandIdentity => request({ keyHash: first.keyHash });

/** A request whose command has run. */
async function stored(fields: Partial<CommandIdentity> = {}): Promise<CommandIdentity> {
  const identity = request(fields);
  const group = new GroupCommit(database, new InlineProjections(database, []), randomUUID());
  await group.write([packing(randomUUID(), 'cups', identity)]);
  return identity;
}

async function timed<T>(work: Promise<T>): Promise<{ answer: T; took: number }> {
  const started = performance.now();
  const answer = await work;
  return { answer, took: performance.now() - started };
}

describe('A request', () => {
  it('is remembered under its key, and no other request under that key is, nor one without', () => {
    const first = request();
    expect(keys.remembers(first)).toBe(false);
    keys.remember(first);
    expect(keys.remembers({ ...first })).toBe(true);
    expect(keys.remembers(another(first))).toBe(false);
    expect(keys.remembers(request({ keyHash: undefined }))).toBe(false);
  });
});

describe('A key that a stored command has', () => {
  it('is reused by another request', async () => {
    const first = await stored();
    expect(await keys.reusedInStore(another(first))).toBe(true);
  });

  it('is not reused by the same request', async () => {
    const first = await stored();
    expect(await keys.reusedInStore({ ...first })).toBe(false);
  });

  it('is reused by another request of which only one of several commands has it', async () => {
    const { keyHash } = await stored();
    const whole = request();
    const commands = [request(), { ...request({ keyHash }), fingerprint: whole.fingerprint }, request()];
    expect(await keys.reusedInStore(whole, commands)).toBe(true);
    expect(await keys.reusedInStore(whole, [request(), request()])).toBe(false);
  });

  it('is no other key', async () => {
    await stored();
    expect(await keys.reusedInStore(request())).toBe(false);
  });

  it('cannot be judged when nobody knows what it was used with', async () => {
    const first = await stored({ fingerprint: undefined });
    expect(await keys.reusedInStore(another(first))).toBe(false);
  });
});

describe('A key that is remembered', () => {
  it('is reused by another request, and not by the same', () => {
    const first = request();
    keys.remember(first);
    expect(keys.reused(another(first))).toBe(true);
    expect(keys.reused({ ...first, keyHash: Buffer.from(first.keyHash as Buffer) })).toBe(false);
    expect(keys.reused(request())).toBe(false);
  });

  it('need not be looked for', async () => {
    const first = await stored();
    const forgetful = new IdempotencyKeys(database);
    const other = another(first);
    expect(await forgetful.reusedInStore(other)).toBe(true);
    forgetful.remember(other);
    expect(await forgetful.reusedInStore(other)).toBe(false);
  });
});

describe('A request without a key', () => {
  it('reuses none', async () => {
    const bare = request({ keyHash: undefined, fingerprint: undefined });
    keys.remember(bare);
    expect([keys.reused(bare), await keys.reusedInStore(bare)]).toEqual([false, false]);
  });
});

describe('When Postgres cannot say it', () => {
  it('because it does not answer, it is not waited for', async () => {
    const first = await stored();
    const other = await world.connect();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const locked = other.transaction(async (transaction) => {
      await transaction.query({ name: 'lock', text: 'lock table platform.commands' }, []);
      await held;
    });
    await eventually('the table is locked', async () => {
      const locks = await world.rows.query(`select from pg_locks where mode = 'AccessExclusiveLock' and granted`);
      return locks.length > 0;
    });
    // The quickest of three: a busy machine may hold up one of them.
    const results: { answer: boolean; took: number }[] = [];
    while (results.length < 3) results.push(await timed(keys.reusedInStore(another(first))));
    release();
    await locked;
    expect(results.map(({ answer }) => answer)).toEqual([false, false, false]);
    expect(Math.min(...results.map(({ took }) => took))).toBeLessThan(150);
    await eventually('it says it again', () => keys.reusedInStore(another(first)));
  });

  it('because it was never reached, it is not even asked', async () => {
    const { answer, took } = await timed(new IdempotencyKeys(new SwitchableDatabase()).reusedInStore(request()));
    expect(answer).toBe(false);
    expect(took).toBeLessThan(20);
  });

  it('because its connections are closed, the key counts as new', async () => {
    const first = await stored();
    const closed = await world.connect();
    await closed.onApplicationShutdown();
    const { answer, took } = await timed(new IdempotencyKeys(closed).reusedInStore(another(first)));
    expect(answer).toBe(false);
    expect(took).toBeLessThan(150);
  });
});
