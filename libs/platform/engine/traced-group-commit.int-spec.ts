import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { boxes, BoxFilled, BoxRow, boxTable, boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import { StaleUnits } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';
import { TracedGroupCommit } from './traced-group-commit.js';

let world: ConnectedDatabase;
let group: TracedGroupCommit;
let traces: RecordedTraces;

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  const database = await world.connect();
  group = new TracedGroupCommit(database, new InlineProjections(database, [boxes]), randomUUID());
});
afterAll(() => world.remove());
beforeEach(() => void (traces = new RecordedTraces()));
afterEach(() => traces.stop());

const run = (parent?: string): string => traces.tracer.start('process', { parent }).traceParent;
const unrecorded = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

describe('The span of a group', () => {
  it('is part of the first command’s run, and linked to those of the others', async () => {
    const [first, second] = [run(), run()];
    const units = [undefined, unrecorded, first, second].map((traceParent) =>
      packing(randomUUID(), `Cups ${randomUUID()}`, { traceParent }),
    );
    expect((await group.write(units)).size).toBe(4);
    expect(traces.spans).toMatchObject([
      {
        name: 'commit group',
        parentId: spanIdOf(first),
        linkedIds: [spanIdOf(second)],
        failure: undefined,
        attributes: { 'db.operation.batch.size': 4 },
      },
    ]);
  });

  it('is recorded only where one of the runs is', async () => {
    await group.write([packing(randomUUID(), `Cups ${randomUUID()}`, { traceParent: unrecorded })]);
    expect(traces.spans).toEqual([]);
  });

  it('counts what decided on a state that has changed since, which is no failure', async () => {
    const boxId = randomUUID();
    const stale = boxUnit(3, [new BoxFilled({ boxId, items: 1 })], { lane: boxId, traceParent: run() });
    await expect(group.write([stale])).rejects.toThrow(StaleUnits);
    expect(traces.spans).toMatchObject([{ failure: undefined, attributes: { 'contextflow.stale_units': 1 } }]);
  });

  it('says why the database did not take it', async () => {
    const boxId = randomUUID();
    const broken = boxUnit(-7, [], { lane: boxId, traceParent: run(), author: '\u0000' });
    await expect(group.write([broken])).rejects.toThrow('Unicode');
    expect(traces.spans).toMatchObject([{ failure: expect.stringContaining('Unicode') }]);
  });
});
