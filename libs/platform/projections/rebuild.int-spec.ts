import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { fold, projection, type Projection } from '#kernel';
import { boxes, BoxFilled, BoxPacked, BoxRow, BoxSent, boxTable, boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { ShelfRow, shelfTable, shelves } from '#testing/doubles/shelves.js';
import { eventually } from '#testing/eventually.js';
import { foldedReadModels } from '#testing/invariants/folded-read-models.js';
import { privacyOf } from '#testing/privacy.js';
import { Random, runSeed } from '#testing/random.js';

import type { Database } from '../database/database.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { LogSignal } from '../event-log/log-signal.js';
import { armFailpoints } from '../failpoints/failpoint.js';
import { Follower } from './follower.js';
import { ProjectionStates } from './projection-states.js';
import { Rebuilder } from './rebuilder.js';

let world: ConnectedDatabase;
let database: Database;
let group: GroupCommit;
const held: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  world = await ConnectedDatabase.create([BoxRow, ShelfRow]);
  await world.rows.query(boxTable);
  await world.rows.query(`
    create index boxes_items on store.boxes (items desc, id) include (label) where items > 1;
    alter table store.boxes set (fillfactor = 60);
    create table store.notes (id int primary key, box uuid references store.boxes (id) on delete cascade)`);
  await world.rows.query(shelfTable);
  database = await world.connect();
  group = new GroupCommit(database, new InlineProjections(database, [boxes]), randomUUID());
});
afterEach(async () => {
  armFailpoints('');
  await Promise.all(held.splice(0).map((each) => each.close()));
  await world.remove();
});

const parts = (on: Database = database) => ({
  database: on,
  privacy: privacyOf(on),
  states: new ProjectionStates(on, '1'),
});

/** A worker's hand that looks ten times a second. */
async function rebuilder(...projections: Projection[]): Promise<void> {
  const own = new Rebuilder(parts(await world.connect()), projections);
  await own.open();
  const timer = setInterval(() => void own.poll(), 100);
  held.push({
    close: async () => {
      clearInterval(timer);
      await own.close();
    },
  });
}

async function follow(of: Projection): Promise<void> {
  const signal = new LogSignal(database);
  const follower = new Follower({ ...parts(await world.connect()), signal }, of);
  await follower.open();
  held.push({ close: () => follower.close() });
}

const ask = (name: string): Promise<unknown> =>
  world.rows.query(
    `update platform.projections set rebuild = 'asked', rebuild_version = null, rebuild_asked_at = now(), rebuilt_at = null
     where name = $1`,
    [name],
  );
const state = (name: string) =>
  world.rows.one<{ rebuild: string | null; rebuild_error: string | null; version: number; rebuilt_at: Date | null }>(
    'select * from platform.projections where name = $1',
    [name],
  );
const rebuilt = (name: string): Promise<unknown> =>
  eventually(`${name} has been built anew`, async () => (await state(name)).rebuilt_at !== null, {
    within: 20_000,
  });
const known = (name: string): Promise<unknown> =>
  eventually(
    `${name} is known`,
    async () => (await world.rows.query('select from platform.projections where name = $1', [name])).length > 0,
  );

async function packed(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await group.write(ids.map((id) => packing(id)));
  await group.write(ids.map((id) => boxUnit(1, [new BoxFilled({ boxId: id, items: 2 })], { lane: id })));
  return ids;
}

/** Boxes that are packed, filled and sent away at random, labels handed on, until it is stopped. */
class Traffic {
  readonly #random = new Random(runSeed());
  readonly #boxes: { id: string; version: number; label: string }[] = [];
  #stopped = false;
  readonly failures: unknown[] = [];
  longest = 0;
  written = 0;
  readonly #running = this.#run();

  async #run(): Promise<void> {
    const free: string[] = [];
    while (!this.#stopped) {
      const units = [];
      const dice = this.#random.below(10);
      const one = this.#boxes[this.#random.below(this.#boxes.length || 1)];
      if (dice === 0 && one) {
        this.#boxes.splice(this.#boxes.indexOf(one), 1);
        units.push(boxUnit(one.version, [new BoxSent({ boxId: one.id })], { lane: one.id }));
        free.push(one.label);
      } else if (dice < 5 || !one) {
        const label = free.pop() ?? randomUUID();
        const box = { id: randomUUID(), version: 1, label };
        this.#boxes.push(box);
        units.push(boxUnit(0, [new BoxPacked({ boxId: box.id, label })], { lane: box.id }));
      } else {
        units.push(boxUnit(one.version++, [new BoxFilled({ boxId: one.id, items: 1 })], { lane: one.id }));
      }
      const began = performance.now();
      try {
        await group.write(units);
      } catch (error) {
        this.failures.push(error);
        return;
      }
      this.longest = Math.max(this.longest, performance.now() - began);
      this.written++;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

const differences = (...of: Projection[]): Promise<readonly string[]> =>
  foldedReadModels({
    database: world.rows,
    projections: of.map((each) => ({ ...each, inline: true })),
    processes: [],
  });

const described = () =>
  world.rows.query(
    `select c.relname, c.reloptions, pg_get_indexdef(c.oid) as definition from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'store' and c.relkind in ('r', 'i')
     union all
     select conname, null, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'store'::regnamespace
     order by 1, 3`,
  );

describe('Building a read model anew', () => {
  it('gives what a fold of the log gives, while commands go on, and none of them fails or waits long', async () => {
    await packed(500);
    await rebuilder(boxes);
    await known('store.boxes');
    await world.rows.query(`update store.boxes set items = 999`);
    const before = await described();
    const traffic = [new Traffic(), new Traffic(), new Traffic()];
    for (let round = 0; round < 3; round++) {
      await ask('store.boxes');
      await rebuilt('store.boxes');
    }
    await Promise.all(traffic.map((each) => each.stop()));
    expect(traffic.flatMap(({ failures }) => failures)).toEqual([]);
    expect(Math.min(...traffic.map(({ written }) => written))).toBeGreaterThan(10);
    expect(Math.max(...traffic.map(({ longest }) => longest))).toBeLessThan(2_000);
    expect(await differences(boxes)).toEqual([]);
    expect(await described()).toEqual(before);
  });

  it('keeps what refers to its rows', async () => {
    const [box] = await packed(2);
    await world.rows.query('insert into store.notes values (1, $1)', [box]);
    await rebuilder(boxes);
    await known('store.boxes');
    await ask('store.boxes');
    await rebuilt('store.boxes');
    expect(await world.rows.query('select * from store.notes')).toEqual([{ id: 1, box }]);
    await expect(world.rows.query('insert into store.notes values (2, gen_random_uuid())')).rejects.toThrow(
      'notes_box_fkey',
    );
  });

  it('gives the same of one that follows the log, whose follower goes on from there', async () => {
    const of = shelves();
    await packed(300);
    await follow(of);
    await rebuilder(of);
    await known('store.shelves');
    const traffic = new Traffic();
    await ask('store.shelves');
    await rebuilt('store.shelves');
    await traffic.stop();
    expect(traffic.failures).toEqual([]);
    await eventually('the shelves show the whole log', async () => (await differences(of)).length === 0);
    await packed(5);
    await eventually('the shelves show the rest', async () => (await differences(of)).length === 0);
  });

  it('happens by itself where the fold is newer than the rows, or has no rows though there are events', async () => {
    await packed(20);
    await rebuilder(boxes);
    await known('store.boxes');
    await world.rows.query('update store.boxes set items = 5');
    await rebuilder({ ...boxes, version: 2 });
    await rebuilt('store.boxes');
    expect(await state('store.boxes')).toMatchObject({ version: 2, rebuild: null });
    expect(await differences(boxes)).toEqual([]);

    await world.rows.query('delete from platform.projections');
    await world.rows.query('delete from store.boxes');
    await rebuilder(boxes);
    await known('store.boxes');
    await rebuilt('store.boxes');
    expect(await differences(boxes)).toEqual([]);
  });

  it('leaves nothing behind when it fails, and where two are at it, one of them ends it', async () => {
    await packed(3_000);
    await rebuilder(boxes);
    await known('store.boxes');
    armFailpoints('rebuild.before_commit=throw@2');
    await ask('store.boxes');
    await eventually('it has failed', async () => (await state('store.boxes')).rebuild === 'failed');
    expect(await state('store.boxes')).toMatchObject({ rebuild_error: 'failpoint rebuild.before_commit' });
    expect(await world.rows.query(`select to_regclass('store.boxes__next') as left`)).toEqual([{ left: null }]);
    armFailpoints('');
    await Promise.all([rebuilder(boxes), rebuilder(boxes)]);
    await ask('store.boxes');
    await rebuilt('store.boxes');
    expect(await differences(boxes)).toEqual([]);
  });

  it('leaves what is there as it is when the new fold fails, and says why', async () => {
    const [box] = await packed(3);
    const failing = projection('store.boxes', BoxRow, {
      inline: true,
      version: 2,
      fold: fold({ ...boxFilledFails }),
    });
    await rebuilder(failing);
    await known('store.boxes');
    await world.rows.query('update platform.projections set version = 1');
    await rebuilder(failing);
    await eventually('it has failed', async () => (await state('store.boxes')).rebuild === 'failed');
    expect((await state('store.boxes')).rebuild_error).toContain('boxes are never filled');
    expect(await world.rows.query('select items from store.boxes where id = $1', [box])).toEqual([{ items: 2 }]);
  });
});

const boxFilledFails = {
  type: BoxFilled,
  apply: (): never => {
    throw new Error('boxes are never filled');
  },
};
