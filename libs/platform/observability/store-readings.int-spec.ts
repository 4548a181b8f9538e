import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { StoreReadings } from './store-readings.js';

let world: ConnectedDatabase;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
});
afterAll(() => world.remove());

const readings = async (): Promise<StoreReadings> => new StoreReadings(await world.connect());

const parked = (context: string, state: string, age: string): Promise<unknown> =>
  world.rows.query(
    `insert into platform.parked_commands (id, type, context, lane, lane_hash, resource_id, author, state, envelope, attempts,
       release, accepted_at)
     values (gen_random_uuid(), 't', $1, 'l', 0, 'r', 'a', $2, '', 0, '1', now() - $3::interval)`,
    [context, state, age],
  );

describe('What the tables say of the installation', () => {
  it('is little at first', async () => {
    const { log, aside } = await readings();
    expect(await log.latest()).toEqual({ position: 0, workers: new Map() });
    expect(await aside.latest()).toEqual({ parked: [], dead: new Map() });
  });

  it('is how many workers live for each context', async () => {
    const worker = `insert into platform.workers (id, host, pid, release, contexts, seen_at) values ($1, 'h', 1, '1', $2, now() - $3::interval)`;
    await world.rows.query(worker, [randomUUID(), ['tasks', 'labour'], '0']);
    await world.rows.query(worker, [randomUUID(), ['tasks'], '1 second']);
    await world.rows.query(worker, [randomUUID(), ['tasks'], '1 minute']);
    expect((await (await readings()).log.latest())?.workers).toEqual(
      new Map([
        ['tasks', 2],
        ['labour', 1],
      ]),
    );
  });

  it('is what is parked, and since when', async () => {
    await parked('tasks', 'dead', '2 hours');
    await parked('tasks', 'dead', '1 hour');
    await parked('tasks', 'blocked', '1 minute');
    await world.rows.query(
      `insert into platform.dead_messages (digest, queue, reason, properties, body) values ('\\x01', 'q', 'malformed', '', '')`,
    );
    const seen = await (await readings()).aside.latest();
    const dead = seen?.parked.find(({ state }) => state === 'dead');
    expect(dead).toMatchObject({ context: 'tasks', commands: 2 });
    expect(dead?.age).toBeCloseTo(7200, -2);
    expect(seen?.parked).toHaveLength(2);
    expect(seen?.dead).toEqual(new Map([['malformed', 1]]));
  });

  it('is unknown, after a second at most, while the table is locked', async () => {
    const { aside, log } = await readings();
    const blocker = await world.connect();
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = blocker.transaction(async (transaction) => {
      await transaction.query({ name: 'lock', text: 'lock table platform.parked_commands' }, []);
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const began = performance.now();
    expect(await aside.latest()).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await log.latest()).toBeDefined();
    release.resolve();
    await holding;
    expect(await aside.latest()).toBeDefined();
  });
});
