import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Committer } from '#platform/engine/committer.js';
import { EventStore } from '#platform/engine/event-store.js';
import { GroupCommit, StaleUnits } from '#platform/engine/group-commit.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';

import { Box, boxes, BoxFilled, BoxPacked, BoxRow, BoxSent, boxTable, boxUnit, packing } from './boxes.js';
import { ConnectedDatabase } from './connected-database.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { InMemoryGroupCommit } from './in-memory-group-commit.js';
import { InMemoryLog } from './in-memory-log.js';
import { InMemoryReadModels } from './in-memory-read-models.js';
import { SwitchableDatabase } from './switchable-database.js';

interface Engine {
  readonly group: GroupCommit;
  readonly store: EventStore;
  readonly row: (id: string) => Promise<unknown>;
}

let world: ConnectedDatabase;
const engines = new Map<string, Engine>();

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  const database = await world.connect();
  const stored =
    'select id, version, label, items, remarks, last, changed_at as "changedAt" from store.boxes where id = $1';
  engines.set('in Postgres', {
    group: new GroupCommit(database, new InlineProjections(database, [boxes]), randomUUID()),
    store: new EventStore(database),
    row: async (id) => (await database.query(stored, [id]))[0],
  });
  const [nowhere, log, readModels] = [new SwitchableDatabase(), new InMemoryLog(), new InMemoryReadModels([boxes])];
  engines.set('in memory', {
    group: new InMemoryGroupCommit(nowhere, undefined, log, readModels),
    store: new InMemoryEventStore(nowhere, log),
    row: async (id) => readModels.rows(BoxRow).find((row) => row.id === id),
  });
});
afterAll(() => world.remove());

describe.each(['in Postgres', 'in memory'])('The engine %s', (where) => {
  const engine = (): Engine => engines.get(where) as Engine;
  const load = (id: string) => engine().store.load({ type: Box, id });
  const filling = (boxId: string, version: number, ...items: readonly number[]) =>
    boxUnit(
      version,
      items.map((count) => new BoxFilled({ boxId, items: count, remark: `${count} more` })),
      { lane: boxId },
    );

  it('gives back what was committed', async () => {
    const boxId = randomUUID();
    await engine().group.write([packing(boxId)]);
    await engine().group.write([filling(boxId, 1, 2, 3)]);
    expect(await load(boxId)).toEqual({
      state: { label: boxId, items: 5 },
      version: 3,
      occurredAt: new Date('2026-03-01T10:00:00.000Z'),
    });
  });

  it('knows nothing of what never was', async () => {
    expect(await load(randomUUID())).toEqual({ state: null, version: 0, occurredAt: undefined });
  });

  it('folds the row', async () => {
    const boxId = randomUUID();
    await engine().group.write([packing(boxId)]);
    await engine().group.write([filling(boxId, 1, 2, 3)]);
    expect(await engine().row(boxId)).toEqual({
      id: boxId,
      version: 3,
      label: boxId,
      items: 5,
      remarks: ['2 more', '3 more'],
      last: { by: '0196a1de-0000-7000-8000-00000000000a' },
      changedAt: new Date('2026-03-01T10:00:00.000Z'),
    });
  });

  it('removes the row of what has ended', async () => {
    const boxId = randomUUID();
    await engine().group.write([packing(boxId)]);
    await engine().group.write([boxUnit(1, [new BoxSent({ boxId })], { lane: boxId })]);
    expect(await engine().row(boxId)).toBeUndefined();
  });

  it('says how a command ended, and the same of its copy, which changes nothing', async () => {
    const boxId = randomUUID();
    const unit = packing(boxId);
    const outcome = { status: 'succeeded', problem: null, result: { version: 1, created: true } };
    expect((await engine().group.write([unit])).get(unit)).toMatchObject({ verdict: 'stored', outcome });
    const copy = boxUnit(1, [new BoxPacked({ boxId, label: 'another' })], unit.envelope);
    expect((await engine().group.write([copy])).get(copy)).toMatchObject({ verdict: 'duplicate', outcome });
    expect(await load(boxId)).toMatchObject({ version: 1, state: { label: boxId } });
    const outcomes = await engine().group.outcomes([unit.envelope.id, randomUUID()]);
    expect([...outcomes]).toEqual([[unit.envelope.id, expect.objectContaining(outcome)]]);
  });

  it('keeps why a command was rejected', async () => {
    const unit = boxUnit(0, []);
    unit.rejection = { kind: 'not_found', reason: 'box_not_found', detail: 'there is none' };
    await engine().group.write([unit]);
    const { id } = unit.envelope;
    expect((await engine().group.outcomes([id])).get(id)).toMatchObject({
      status: 'rejected',
      problem: unit.rejection,
      result: null,
    });
  });

  it.each([
    ['events', [1]],
    ['no events', []],
  ])('has a command of %s that was decided on another version run again', async (_, items) => {
    const boxId = randomUUID();
    await engine().group.write([packing(boxId)]);
    await engine().group.write([filling(boxId, 1, 1)]);
    const committer = new Committer(new SwitchableDatabase(), engine().group);
    expect(await committer.commit(filling(boxId, 1, ...items))).toEqual({ verdict: 'conflict' });
    expect(await load(boxId)).toMatchObject({ version: 2, state: { items: 1 } });
  });

  it('keeps nothing of a group that it refuses', async () => {
    const [boxId, another] = [randomUUID(), randomUUID()];
    const refused = filling(boxId, 7, 1);
    const group = engine().group.write([packing(another), refused]);
    await expect(group).rejects.toThrow(StaleUnits);
    await expect(group).rejects.toMatchObject({ units: new Set([refused]) });
    expect(await load(another)).toMatchObject({ version: 0 });
    expect(await engine().row(another)).toBeUndefined();
  });
});
