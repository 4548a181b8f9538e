import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { derivedId, fold, on, projection, type ReadModelRow } from '#kernel';
import {
  boxes,
  BoxFilled,
  BoxPacked,
  BoxRow,
  BoxSent,
  boxTable,
  boxUnit,
  BoxWeighed,
  packing,
} from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { Random, runSeed } from '#testing/random.js';

import { GroupCommit } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';

/** How often so many items were put into a box. */
@Entity({ schema: 'store', name: 'contents' })
class ContentsRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'box_id' }) boxId!: string;
  @Column('int') items!: number;
  @Column('int') times!: number;
}
type Contents = Omit<ContentsRow, 'version'>;
const contentsOf = ({ boxId, items }: BoxFilled): string => derivedId(boxId, items);

const acceptedAt = new Date('2026-03-01T10:00:00.123Z');
let world: ConnectedDatabase;
let projections: InlineProjections;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow, ContentsRow]);
  await world.rows.query(boxTable);
  const database = await world.connect();
  projections = new InlineProjections(database, [boxes]);
  group = new GroupCommit(database, projections, randomUUID());
});
afterAll(() => world.remove());

const row = async (id: string): Promise<Record<string, unknown> | undefined> =>
  (await world.rows.query('select * from store.boxes where id = $1', [id]))[0];

const asStored = (state: object): Record<string, unknown> => {
  const { changedAt, ...rest } = state as Record<string, unknown>;
  return { ...rest, changed_at: changedAt };
};

describe('A row of an inline read model', () => {
  it('is what the fold makes of its stream, however the events came', async () => {
    const random = new Random(runSeed());
    const streams = Array.from({ length: 5 }, () => ({
      id: randomUUID(),
      events: [] as object[],
      state: null as object | null,
    }));
    for (let round = 0; round < 8; round++) {
      const units = streams.map((stream) => {
        const version = stream.events.length;
        const fresh: object[] = version === 0 ? [new BoxPacked({ boxId: stream.id, label: stream.id })] : [];
        for (let count = random.below(3); count > 0; count--) {
          const remark = random.pick([undefined, 'fragile', 'a "quoted" {remark}, with \\', '👶']);
          fresh.push(
            random.below(4) === 0
              ? new BoxWeighed({ boxId: stream.id })
              : new BoxFilled({ boxId: stream.id, items: random.below(9), remark }),
          );
        }
        fresh.forEach((event, index) => {
          const meta = { version: version + index + 1, occurredAt: acceptedAt, actor: 'ann' };
          stream.state = boxes.fold.apply(stream.state as never, event, meta);
          stream.events.push(event);
        });
        return boxUnit(version, fresh, { lane: stream.id, acceptedAt, author: 'ann' });
      });
      await group.write(units);
      for (const { id, state } of streams)
        expect({ seed: random.seed, ...(await row(id)) }).toMatchObject({
          seed: random.seed,
          ...asStored(state as object),
        });
    }
  });

  it('shows the version of its stream', async () => {
    const id = randomUUID();
    await group.write([packing(id)]);
    await group.write([
      boxUnit(1, [new BoxFilled({ boxId: id, items: 1 }), new BoxWeighed({ boxId: id })], { lane: id }),
    ]);
    expect(await row(id)).toMatchObject({ version: 3, items: 1 });
  });

  it('is gone when the fold ends in nothing, and may come back', async () => {
    const id = randomUUID();
    await group.write([packing(id)]);
    await group.write([boxUnit(1, [new BoxSent({ boxId: id })], { lane: id })]);
    expect(await row(id)).toBeUndefined();
    await group.write([boxUnit(2, [new BoxPacked({ boxId: id, label: id })], { lane: id })]);
    expect(await row(id)).toMatchObject({ version: 3, items: 0 });
  });

  it('never stands when it was made and ended within one group', async () => {
    const id = randomUUID();
    await group.write([
      boxUnit(0, [new BoxPacked({ boxId: id, label: id }), new BoxSent({ boxId: id })], { lane: id }),
    ]);
    expect(await row(id)).toBeUndefined();
  });

  it('may take over what another gave up in the same group', async () => {
    const [old, young] = [randomUUID(), randomUUID()] as const;
    await group.write([packing(old, 'Best label')]);
    await group.write([packing(young, 'Best label'), boxUnit(1, [new BoxSent({ boxId: old })], { lane: old })]);
    expect([await row(old), (await row(young))?.label]).toEqual([undefined, 'Best label']);
  });

  it('is not written when its events are not', async () => {
    const id = randomUUID();
    await group.write([packing(id)]);
    const tooMany = boxUnit(1, [new BoxFilled({ boxId: id, items: 1000 })], { lane: id });
    await expect(group.write([tooMany])).rejects.toThrow('boxes_items_check');
    expect(await row(id)).toMatchObject({ version: 1, items: 0 });
  });
});

describe('Rows of an inline read model with a key', () => {
  const contents = projection('store.contents', ContentsRow, {
    inline: true,
    key: (event) => (event instanceof BoxFilled ? contentsOf(event) : undefined),
    fold: fold<Contents>(
      on(BoxFilled, (before, event) =>
        event.remark === 'removed'
          ? null
          : {
              id: contentsOf(event),
              boxId: event.boxId,
              items: event.items,
              times: ((before as Contents | null)?.times ?? 0) + 1,
            },
      ),
    ),
  });
  let keyed: GroupCommit;

  beforeAll(async () => {
    await world.rows.query(`
      create table store.contents (
        id uuid primary key, version int not null, box_id uuid not null, items int not null, times int not null)`);
    keyed = new GroupCommit(
      await world.connect(),
      new InlineProjections(await world.connect(), [boxes, contents]),
      randomUUID(),
    );
  });

  const rowsOf = (boxId: string) =>
    world.rows.query('select items, times, version from store.contents where box_id = $1 order by items', [boxId]);
  const filled = (boxId: string, items: number, remark?: string) => new BoxFilled({ boxId, items, remark });

  it('are several of one stream, each of the number of events that it was made of', async () => {
    const [id, other] = [randomUUID(), randomUUID()] as const;
    await keyed.write([packing(id), packing(other)]);
    await keyed.write([
      boxUnit(1, [filled(id, 1), filled(id, 2), filled(id, 1)], { lane: id }),
      boxUnit(1, [filled(other, 1)], { lane: other }),
    ]);
    await keyed.write([boxUnit(4, [filled(id, 1)], { lane: id })]);
    expect(await rowsOf(id)).toEqual([
      { items: 1, times: 3, version: 3 },
      { items: 2, times: 1, version: 1 },
    ]);
    expect(await rowsOf(other)).toEqual([{ items: 1, times: 1, version: 1 }]);
    expect(await row(id)).toMatchObject({ version: 5, items: 5 });
  });

  it('are gone one by one', async () => {
    const id = randomUUID();
    await keyed.write([packing(id)]);
    await keyed.write([boxUnit(1, [filled(id, 1), filled(id, 2), filled(id, 3, 'removed')], { lane: id })]);
    await keyed.write([boxUnit(4, [filled(id, 1, 'removed')], { lane: id })]);
    expect(await rowsOf(id)).toEqual([{ items: 2, times: 1, version: 1 }]);
  });
});

describe('A violated unique constraint', () => {
  it('means what its projection says, if one does', () => {
    expect(projections.rejectionFor('boxes_label')).toMatchObject({ reason: 'already_exists' });
    for (const unknown of ['boxes_pkey', 'toString', '']) expect(projections.rejectionFor(unknown)).toBeUndefined();
  });
});
