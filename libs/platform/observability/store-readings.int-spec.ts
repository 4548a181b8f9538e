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
    const { log, flow, aside } = await readings();
    expect(await log.latest()).toEqual({ position: 0, workers: new Map() });
    expect(await flow.latest()).toEqual({ unrelayed: 0, overdue: 0 });
    expect(await aside.latest()).toEqual({ parked: [], parkedEvents: [], scheduled: new Map(), dead: new Map() });
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

  it('is where the log ends, whichever era and transaction was last', async () => {
    for (const [era, xid] of [
      [1, '900000'],
      [1, '1000'],
      [2, '5'],
    ] as const)
      await world.rows.query(
        `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at, era, xid, recorded_at)
         values ('store.box', gen_random_uuid(), 1, 't', '{}', '{}', now(), $1, $2::text::xid8, now() - interval '5 minutes')`,
        [era, xid],
      );
    expect((await (await readings()).log.latest())?.position).toBe(3);
  });

  it('is how long the oldest event has waited for the relay', async () => {
    const unrelayed = async () => (await (await readings()).flow.latest())?.unrelayed;
    expect(await unrelayed()).toBeCloseTo(300, -1);
    await world.rows.query(
      `insert into platform.checkpoints (name, era, xid, position) values ('relay', 1, '900000', 1), ('other', 9, '9', 9)`,
    );
    expect(await unrelayed()).toBeCloseTo(300, -1);
    await world.rows.query(`update platform.checkpoints set era = 2, xid = '5', position = 3 where name = 'relay'`);
    expect(await unrelayed()).toBe(0);
  });

  it('is what is scheduled and has not been sent, and how long the oldest has been due', async () => {
    const schedule = (context: string, due: string, sent: boolean): Promise<unknown> =>
      world.rows.query(
        `insert into platform.scheduled_commands (id, type, context, lane, resource_id, author, roles, payload, correlation_id,
           due_at, published_at)
         values (gen_random_uuid(), 't', $1, 'l', 'r', 'a', '{}', '', 'c', now() + $2::interval, $3)`,
        [context, due, sent ? new Date() : null],
      );
    await schedule('tasks', '-1 hour', true);
    await schedule('tasks', '1 hour', false);
    expect((await (await readings()).flow.latest())?.overdue).toBe(0);
    await schedule('tasks', '-2 minutes', false);
    await schedule('labour', '-1 minute', false);
    const seen = await readings();
    expect((await seen.flow.latest())?.overdue).toBeCloseTo(120, -1);
    expect((await seen.aside.latest())?.scheduled).toEqual(
      new Map([
        ['tasks', 2],
        ['labour', 1],
      ]),
    );
  });

  it('is which policies could not handle events', async () => {
    const park = (policy: string, state: string): Promise<unknown> =>
      world.rows.query(
        `insert into platform.parked_events (policy, event_id, context, stream, type, event, state, attempts)
         values ($1, gen_random_uuid(), 'tasks', 's', 't', '', $2, 3)`,
        [policy, state],
      );
    await park('tasks.remind', 'dead');
    await park('tasks.remind', 'blocked');
    await park('tasks.remind', 'blocked');
    await park('*', 'unsupported');
    expect((await (await readings()).aside.latest())?.parkedEvents).toEqual([
      { policy: '*', state: 'unsupported', events: 1 },
      { policy: 'tasks.remind', state: 'blocked', events: 2 },
      { policy: 'tasks.remind', state: 'dead', events: 1 },
    ]);
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
