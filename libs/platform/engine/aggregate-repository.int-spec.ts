import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { AlreadyExists, type Repository } from '#kernel';
import { Box, BoxNotFound } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { AggregateCache, AggregateCaches } from './aggregate-caches.js';
import { EventSourcedRepository } from './aggregate-repository.js';
import { EventStore } from './event-store.js';
import { GroupCommit } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';
import { currentUnit, UnitOfWork, UnitOfWorkMisuse } from './unit-of-work.js';

let world: ConnectedDatabase;
let stored: EventSourcedRepository<Box>;
let caches: AggregateCaches;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  caches = new AggregateCaches();
  stored = new EventSourcedRepository(Box, new EventStore(database), caches);
  group = new GroupCommit(database, new InlineProjections(database, []), randomUUID());
});
afterAll(() => world.remove());

type Handler = (boxes: Repository<Box>) => Promise<void>;

/** Runs a handler on a box as a command of its own, and commits what it decided. */
async function command(boxId: string, handler: Handler): Promise<void> {
  const unit = new UnitOfWork(sampleEnvelope({ lane: boxId }), true, 1);
  await currentUnit.run(unit, () => handler(stored));
  unit.close();
  await group.write([unit]);
}

describe('A repository', () => {
  const pack = (boxId: string) =>
    command(boxId, async (boxes) => {
      const box = await boxes.create(boxId);
      box.pack('Blankets');
      await boxes.save(box);
    });

  it('gives back what was saved', async () => {
    const boxId = randomUUID();
    await pack(boxId);
    await command(boxId, async (boxes) => {
      const box = await boxes.get(boxId);
      expect(box.snapshot).toEqual(expect.objectContaining({ state: { label: 'Blankets', items: 0 }, version: 1 }));
      box.fill(3);
      await boxes.save(box);
    });
    await command(boxId, async (boxes) => {
      expect((await boxes.find(boxId))?.snapshot).toEqual(
        expect.objectContaining({ state: { label: 'Blankets', items: 3 }, version: 2 }),
      );
    });
  });

  it('has nothing under an id that nobody used', async () => {
    const boxId = randomUUID();
    await command(boxId, async (boxes) => {
      expect(await boxes.find(boxId)).toBeNull();
      await expect(boxes.get(boxId)).rejects.toThrow(BoxNotFound);
    });
  });

  it('makes an aggregate once under an id', async () => {
    const boxId = randomUUID();
    await pack(boxId);
    await expect(pack(boxId)).rejects.toThrow(AlreadyExists);
  });

  it('forgets what was not saved', async () => {
    const boxId = randomUUID();
    await pack(boxId);
    await command(boxId, async (boxes) => (await boxes.get(boxId)).fill(3));
    await command(boxId, async (boxes) => expect((await boxes.get(boxId)).version).toBe(1));
  });
});

describe('A repository in the log', () => {
  it('works within a unit of work, on its lane', async () => {
    await expect(stored.get(randomUUID())).rejects.toThrow(UnitOfWorkMisuse);
    const unit = new UnitOfWork(sampleEnvelope(), false, 1);
    await expect(currentUnit.run(unit, () => stored.get(randomUUID()))).rejects.toThrow(UnitOfWorkMisuse);
  });

  it('trusts on the first run that what a command makes is new', async () => {
    const unit = new UnitOfWork(sampleEnvelope(), false, 1);
    const box = await currentUnit.run(unit, () => stored.create(unit.envelope.lane));
    expect([box.version, unit.stream?.version]).toEqual([0, 0]);
  });

  it('takes a cached state out, so that no doubt can leave it there', async () => {
    const unit = new UnitOfWork(sampleEnvelope(), false, 1);
    const { lane } = unit.envelope;
    const cache = new AggregateCache(10);
    caches.lend(unit.envelope, cache);
    cache.put(Box.streamType, lane, { state: { label: 'cached', items: 9 }, version: 4, occurredAt: new Date(0) });
    const box = await currentUnit.run(unit, () => stored.get(lane));
    expect(box.version).toBe(4);
    expect(cache.take(Box.streamType, lane)).toBeUndefined();
  });
});
