import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { Membership } from './membership.js';

let world: ConnectedDatabase;
let database: Database;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
afterEach(() => world.rows.query('delete from platform.workers'));
afterAll(() => world.remove());

const member = (contexts: readonly string[] = ['tasks']): Membership =>
  new Membership(database, randomUUID(), '1.2.3', contexts);
const silent = (id: string, seconds: number) =>
  world.rows.query('update platform.workers set seen_at = now() - make_interval(secs => $2) where id = $1', [
    id,
    seconds,
  ]);
const ids = async (membership: Membership): Promise<string[]> =>
  (await membership.beat([], 0))?.map(({ id }) => id) ?? [];

describe('A worker', () => {
  it('sees himself and all others that live, in the same order as they do', async () => {
    const members = [member(['tasks', 'labour']), member(), member()] as const;
    for (const one of members) await one.beat([], 0);
    const seen = await members[0].beat([], 0);
    expect(seen).toEqual(
      [...members]
        .map(({ id }) => ({ id, contexts: id === members[0].id ? ['tasks', 'labour'] : ['tasks'] }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(await ids(members[1])).toEqual(seen?.map(({ id }) => id));
  });

  it('is gone for the others after 4 seconds of silence', async () => {
    const [one, other] = [member(), member()] as const;
    await one.beat([], 0);
    await silent(one.id, 3.5);
    expect(await ids(other)).toContain(one.id);
    await silent(one.id, 4.01);
    expect(await ids(other)).toEqual([other.id]);
  });

  it('is back with his next beat', async () => {
    const [one, other] = [member(), member()] as const;
    await one.beat([], 0);
    await silent(one.id, 60);
    await one.beat(['a'], 7);
    expect(await ids(other)).toContain(one.id);
  });

  it('tells what he holds and how much he has done', async () => {
    const one = member();
    await one.beat([], 0);
    await one.beat(['tasks.commands.8.0'], 42);
    expect(
      await world.rows.one('select slots, handled::int, release, pid, contexts from platform.workers where id = $1', [
        one.id,
      ]),
    ).toEqual({
      slots: ['tasks.commands.8.0'],
      handled: 42,
      release: '1.2.3',
      pid: process.pid,
      contexts: ['tasks'],
    });
  });

  it.each(['pause', 'drain'])(
    'counts for nobody after an operator asked him to %s, until he is to go on',
    async (wish) => {
      const [one, other] = [member(), member()] as const;
      for (const each of [one, other]) await each.beat([], 0);
      await world.rows.query('update platform.workers set wish = $2 where id = $1', [one.id, wish]);
      expect(await ids(other)).toEqual([other.id]);
      expect(await ids(one)).toEqual([other.id]);
      await world.rows.query('update platform.workers set wish = null where id = $1', [one.id]);
      expect(await ids(one)).toEqual([one.id, other.id].sort());
    },
  );

  it('tells how fast he works', async () => {
    const one = member();
    await one.beat([], 0);
    for (let beats = 1; beats <= 30; beats++) {
      await world.rows.query(`update platform.workers set seen_at = now() - interval '1 second' where id = $1`, [
        one.id,
      ]);
      await one.beat([], beats * 50);
    }
    const { throughput } = await world.rows.one<{ throughput: number }>('select throughput from platform.workers');
    expect(throughput).toBeGreaterThan(40);
    expect(throughput).toBeLessThan(51);
  });

  it('leaves at once, and takes along who has been gone for a day', async () => {
    const [one, forgotten, recent] = [member(), member(), member()] as const;
    for (const each of [one, forgotten, recent]) await each.beat([], 0);
    await silent(forgotten.id, 86_401);
    await silent(recent.id, 86_000);
    await one.leave();
    expect(await world.rows.query('select id from platform.workers')).toEqual([{ id: recent.id }]);
  });
});
