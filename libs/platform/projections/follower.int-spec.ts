import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import type { Projection } from '#kernel';
import { boxes, BoxFilled, BoxRow, BoxSent, boxTable, boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { ShelfRow, shelfTable, shelves } from '#testing/doubles/shelves.js';
import { eventually } from '#testing/eventually.js';
import { foldedReadModels } from '#testing/invariants/folded-read-models.js';
import { privacyOf } from '#testing/privacy.js';

import type { Database } from '../database/database.js';
import { Gate } from '../engine/gate.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { LogSignal } from '../event-log/log-signal.js';
import { Follower } from './follower.js';
import { ProjectionStates } from './projection-states.js';

let world: ConnectedDatabase;
let database: Database;
let signal: LogSignal;
let group: GroupCommit;
let followers: Follower[];

beforeEach(async () => {
  world = await ConnectedDatabase.create([BoxRow, ShelfRow]);
  await world.rows.query(boxTable);
  await world.rows.query(shelfTable);
  database = await world.connect();
  signal = new LogSignal(database);
  signal.open();
  group = new GroupCommit(database, new InlineProjections(database, [boxes]), randomUUID());
  followers = [];
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  await signal.close();
  await world.remove();
});

const states = (): ProjectionStates => new ProjectionStates(database, '1');

async function follow(projection: Projection = shelves(), gate?: Gate): Promise<Follower> {
  const own = await world.connect();
  const parts = { database: own, privacy: privacyOf(own), states: states(), signal };
  const follower = new Follower({ ...parts, ...(gate && { gate }) }, projection);
  followers.push(follower);
  await follower.open();
  return follower;
}

async function filled(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await group.write(ids.map((id) => packing(id)));
  await group.write(ids.map((id) => boxUnit(1, [new BoxFilled({ boxId: id, items: 2 })], { lane: id })));
  return ids;
}

/** Sentences about how the shelves differ from a fold of the whole log. */
const differences = (projection = shelves()): Promise<readonly string[]> =>
  foldedReadModels({
    database: world.rows,
    projections: [{ ...projection, inline: true }],
    processes: [],
  });

const caughtUp = (projection = shelves()): Promise<unknown> =>
  eventually('the shelves show the whole log', async () => {
    const { read, end } = await world.rows.one<{ read: string; end: string }>(
      `select (select position::text from platform.checkpoints where name = 'store.shelves') as read,
         (select max(position)::text from platform.events) as end`,
    );
    return read === end && (await differences(projection)).length === 0;
  });

/** Tells when somebody asks to pass beside others. */
class WatchedGate extends Gate {
  readonly asked = Promise.withResolvers<void>();

  override enter(alone: boolean): Promise<void> {
    if (!alone) this.asked.resolve();
    return super.enter(alone);
  }
}

describe('A projection that follows the log', () => {
  it('writes nothing while a command runs alone that may have killed its process', async () => {
    const gate = new WatchedGate();
    await gate.enter(true);
    await filled(2);
    await follow(shelves(), gate);
    await gate.asked.promise;
    expect(await world.rows.query('select from store.shelves')).toEqual([]);
    gate.leave(true);
    await caughtUp();
  });

  it('shows events of many streams in one row, and takes the row away when the fold ends in nothing', async () => {
    await filled(3);
    await follow();
    const ids = await filled(60);
    await group.write(ids.slice(0, 50).map((id) => boxUnit(2, [new BoxSent({ boxId: id })], { lane: id })));
    await caughtUp();
    expect(await world.rows.query('select * from store.shelves')).not.toEqual([]);
  });

  it('waits for who commits late, and passes over what was rolled back', async () => {
    await follow();
    const slow = new pg.Client({ connectionString: world.rows.url });
    await slow.connect();
    await slow.query('begin');
    const late = randomUUID();
    await slow.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ('store.box', $1, 1, 'box.packed.v1', $2, '{"actor": "somebody"}', now())`,
      [late, { box_id: late, label: 'late' }],
    );
    const hole = new pg.Client({ connectionString: world.rows.url });
    await hole.connect();
    await hole.query('begin');
    await hole.query(`select nextval('platform.events_position_seq'), pg_current_xact_id()`);
    await hole.query('rollback');
    await filled(5);
    await slow.query('commit');
    await Promise.all([slow.end(), hole.end()]);
    await caughtUp();
    expect(JSON.stringify(await world.rows.query('select boxes from store.shelves'))).toContain('"late"');
  });

  it('comes to the same when two run it at a time', async () => {
    await Promise.all([follow(), follow(), follow()]);
    for (let round = 0; round < 15; round++) await filled(20);
    await caughtUp();
  });

  it('stops alone at an event that it cannot show, says why, shows what came before, and goes on when told', async () => {
    const before = await filled(40);
    const [culprit] = await filled(1);
    await filled(40);
    const broken = await follow(shelves({ refuses: (id) => id === culprit }));
    const stopped = await eventually('it has stopped', async () => {
      const row = await world.rows.one<{ error: string; stopped_place: string; state: string }>(
        'select state, error, stopped_place from platform.projections',
      );
      return row.state === 'stopped' ? row : undefined;
    });
    expect(broken.stopped).toBe(true);
    expect(stopped).toMatchObject({
      state: 'stopped',
      error: `there is no room for ${culprit}`,
      stopped_place: expect.stringContaining(`box.packed.v1 of store.box ${culprit}, version 1`),
    });
    const shown = await world.rows.query<{ boxes: object }>('select boxes from store.shelves');
    expect(shown.flatMap((row) => Object.keys(row.boxes)).toSorted()).toEqual(before.toSorted());

    await broken.close();
    await follow();
    await world.rows.query(`update platform.projections set state = 'running'`);
    await caughtUp();
  });

  it('leaves what only a newer release can read to that one', async () => {
    const follower = await follow();
    await filled(3);
    const id = randomUUID();
    await world.rows.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ('store.box', $1, 1, 'box.packed.v2', '{}', '{"actor": "somebody"}', now())`,
      [id],
    );
    await filled(3);
    await eventually('it is late, and all else is folded', async () => {
      const { folded } = await world.rows.one<{ folded: boolean }>(
        'select sum(filled) = 6 as folded from store.shelves',
      );
      return folded && follower.lag > 1;
    });
    expect(follower.stopped).toBe(false);
    await world.rows.query('delete from platform.events where stream_id = $1', [id]);
    await caughtUp();
  });
});
