import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { boxes, BoxFilled, BoxPacked, BoxRow, BoxSent, boxTable, boxUnit } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { ReadDatabase } from '../database/read-database.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { withoutKeys } from '../privacy/privacy.js';
import { EventLog, type Extent } from './event-log.js';

const stream = 'store.box';
const ann = '0196a1de-0000-7000-8000-00000000000a';
/** So many seconds after the beginning. */
const at = (seconds: number): Date => new Date(Date.parse('2026-03-01T10:00:00.000Z') + seconds * 1_000);

let world: ConnectedDatabase;
let log: EventLog;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  const database = await world.connect();
  log = new EventLog(new ReadDatabase(database), withoutKeys);
  group = new GroupCommit(database, new InlineProjections(database, [boxes]), randomUUID());
});
afterAll(() => world.remove());

/** A box that these happened to, one second after the other. */
async function box(...events: readonly ((boxId: string) => object)[]): Promise<string> {
  const boxId = randomUUID();
  for (const [version, event] of events.entries())
    await group.write([boxUnit(version, [event(boxId)], { lane: boxId, acceptedAt: at(version), author: ann })]);
  return boxId;
}
const packed = (boxId: string): object => new BoxPacked({ boxId, label: boxId });
const filled =
  (items: number, remark?: string) =>
  (boxId: string): object =>
    new BoxFilled({ boxId, items, remark });
const sent = (boxId: string): object => new BoxSent({ boxId });

describe('The events of a stream', () => {
  const versions = async (boxId: string, extent?: Extent): Promise<number[]> =>
    (await log.events(stream, boxId, extent)).map(({ version }) => version);

  it('are told in order, with who did it and when', async () => {
    const boxId = await box(packed, filled(3));
    expect(await log.events(stream, boxId)).toEqual([
      { version: 1, type: 'box.packed.v1', data: { box_id: boxId, label: boxId }, actor: ann, occurred_at: at(0) },
      { version: 2, type: 'box.filled.v1', data: { box_id: boxId, items: 3 }, actor: ann, occurred_at: at(1) },
    ]);
  });

  it('can be read part by part', async () => {
    const boxId = await box(packed, filled(1), filled(2), filled(3));
    expect(await versions(boxId, { after: 2 })).toEqual([3, 4]);
    expect(await versions(boxId, { limit: 2 })).toEqual([1, 2]);
    expect(await versions(boxId, { after: 1, limit: 2 })).toEqual([2, 3]);
    expect(await versions(boxId, { after: 4 })).toEqual([]);
    expect(await versions(boxId, { until: at(1) })).toEqual([1, 2]);
    expect(await versions(boxId, { after: 1, until: at(2), limit: 5 })).toEqual([2, 3]);
  });

  it('are those of that stream alone', async () => {
    const [one, other] = [await box(packed, filled(1)), await box(packed)];
    expect(await versions(one)).toEqual([1, 2]);
    expect(await versions(other)).toEqual([1]);
    expect(await log.events('store.crate', one)).toEqual([]);
    expect(await versions(randomUUID())).toEqual([]);
  });
});

describe('A row as it was', () => {
  const rowAt = (boxId: string, moment: Date): Promise<BoxRow | null> =>
    log.rowAt<BoxRow>(boxes, stream, boxId, moment);

  it('holds what had happened by then', async () => {
    const boxId = await box(packed, filled(1), filled(2));
    const items = async (seconds: number) => (await rowAt(boxId, at(seconds)))?.items;
    expect([await items(0), await items(0.999), await items(1), await items(2), await items(60)]).toEqual([
      0, 0, 1, 3, 3,
    ]);
    expect(await rowAt(boxId, at(1))).toMatchObject({ id: boxId, version: 2, changedAt: at(1), last: { by: ann } });
  });

  it('was not there before the first event, nor after it was removed', async () => {
    const boxId = await box(packed, sent);
    expect(await rowAt(boxId, at(-1))).toBeNull();
    expect(await rowAt(boxId, at(0.5))).toMatchObject({ version: 1 });
    expect(await rowAt(boxId, at(1))).toBeNull();
    expect(await rowAt(randomUUID(), at(1))).toBeNull();
  });

  it('is the row of the read model when it is asked for as it is now', async () => {
    const boxId = await box(packed, filled(1, 'cups'), filled(2), filled(4, 'plates'));
    const { id, version, label, items, remarks, last, changed_at } = await world.rows.one<Record<string, unknown>>(
      'select * from store.boxes where id = $1',
      [boxId],
    );
    const row = await rowAt(boxId, new Date());
    expect({ ...row }).toEqual({ id, version, label, items, remarks, last, changedAt: changed_at });
  });

  it('is not guessed at when an event is of a type that this release does not know', async () => {
    const boxId = await box(packed);
    await world.rows.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ('store.box', $1, 2, 'box.levitated.v1', '{}', '{}', $2)`,
      [boxId, at(1)],
    );
    await expect(rowAt(boxId, at(1))).rejects.toThrow('the log holds box.levitated.v1');
    expect(await rowAt(boxId, at(0))).toMatchObject({ version: 1 });
    expect(await log.events(stream, boxId)).toHaveLength(2);
  });
});
