import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Box, BoxFilled, boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { EventStore, nothing } from './event-store.js';
import { GroupCommit } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';

let world: ConnectedDatabase;
let store: EventStore;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  store = new EventStore(database);
  group = new GroupCommit(database, new InlineProjections(database, []), randomUUID());
});
afterAll(() => world.remove());

const load = (id: string) => store.load({ type: Box, id });

async function unheardOf(id: string): Promise<void> {
  await world.rows.query(
    `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
     values ('store.box', $1, 1, 'box.levitated.v1', '{}', '{}', now())`,
    [id],
  );
}

describe('A stream', () => {
  it('is read as the state that its events make', async () => {
    const id = randomUUID();
    const acceptedAt = new Date('2026-03-01T10:00:01.123Z');
    await group.write([packing(id, 'Blankets')]);
    await group.write([
      boxUnit(1, [new BoxFilled({ boxId: id, items: 2 }), new BoxFilled({ boxId: id, items: 3 })], {
        lane: id,
        acceptedAt,
      }),
    ]);
    expect(await load(id)).toEqual({ state: { label: 'Blankets', items: 5 }, version: 3, occurredAt: acceptedAt });
  });

  it('that has no events is nothing', async () => {
    expect(await load(randomUUID())).toEqual(nothing);
  });

  it('is told apart from others, of the same id too', async () => {
    class Crate extends Box {
      static override readonly streamType = 'store.crate' as 'store.box';
    }
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    await group.write(ids.map((id, index) => packing(id, `Box ${index}`)));
    const loaded = await Promise.all([...ids.map(load), store.load({ type: Crate, id: ids[0] })]);
    expect(loaded.map(({ state }) => state && (state as { label: string }).label)).toEqual([
      'Box 0',
      'Box 1',
      'Box 2',
      null,
    ]);
  });

  it('may be asked for by several at once', async () => {
    const id = randomUUID();
    await group.write([packing(id)]);
    const [one, other] = await Promise.all([load(id), load(id)]);
    expect(one).toEqual(other);
  });

  it('with an event that this release does not know cannot be read', async () => {
    const id = randomUUID();
    await unheardOf(id);
    await expect(load(id)).rejects.toThrow('the log holds box.levitated.v1');
  });

  it('that cannot be read keeps no other from being read', async () => {
    const [good, bad] = [randomUUID(), randomUUID()] as const;
    await group.write([packing(good)]);
    await unheardOf(bad);
    const [loaded, refused] = await Promise.allSettled([load(good), load(bad)]);
    expect([loaded.status, refused.status]).toEqual(['fulfilled', 'rejected']);
  });
});
