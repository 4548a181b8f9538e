import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsInt, IsString, IsUUID } from 'class-validator';

import { Aggregate, DomainError, Event, fold, Message, on, projection, upcaster, type ReadModelRow } from '#kernel';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { ReadDatabase } from '../database/read-database.js';
import { EventStore } from '../engine/event-store.js';
import { withoutKeys } from '../privacy/privacy.js';
import { EventLog } from './event-log.js';

/** Once it said `kilos`; then it had no unit of its own; the classes of the first two versions are gone. */
@Event('parcel.weighed.v3', 'parcelId')
class ParcelWeighed extends Message<ParcelWeighed> {
  @IsUUID() readonly parcelId!: string;
  @IsInt() readonly grams!: number;
  @IsString() readonly scale!: string;
}
upcaster('parcel.weighed.v1', 'parcel.weighed.v2', ({ kilos, ...rest }) => ({ ...rest, grams: Number(kilos) * 1000 }));
upcaster('parcel.weighed.v2', 'parcel.weighed.v3', (data) => ({ ...data, scale: 'unknown' }));

class ParcelNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'parcel_not_found';
}

interface ParcelState {
  readonly grams: readonly number[];
  readonly scale: string;
}

class Parcel extends Aggregate<ParcelState> {
  static readonly streamType = 'store.parcel';
  static readonly NotFound = ParcelNotFound;

  protected readonly evolve = fold<ParcelState>(
    on(ParcelWeighed, (parcel, { grams, scale }) => ({ grams: [...(parcel?.grams ?? []), grams], scale })),
  );
}

class ParcelRow implements ReadModelRow {
  id!: string;
  version!: number;
  grams!: number;
}

const parcels = projection('store.parcels', ParcelRow, {
  inline: true,
  fold: fold(on(ParcelWeighed, (_, { parcelId, grams }) => ({ id: parcelId, grams }))),
});

const parcelId = randomUUID();
let world: ConnectedDatabase;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const stored: readonly (readonly [string, object])[] = [
    ['parcel.weighed.v1', { parcel_id: parcelId, kilos: 2 }],
    ['parcel.weighed.v2', { parcel_id: parcelId, grams: 2100 }],
    ['parcel.weighed.v3', { parcel_id: parcelId, grams: 2050, scale: 'north' }],
  ];
  for (const [index, [type, data]] of stored.entries())
    await world.rows.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ($1, $2, $3, $4, $5, '{"actor": "ann"}', '2026-03-01')`,
      [Parcel.streamType, parcelId, index + 1, type, data],
    );
});
afterAll(() => world.remove());

describe('An event of an old version', () => {
  it('is read by its aggregate as the version of today', async () => {
    const { state, version } = await new EventStore(await world.connect()).load({ type: Parcel, id: parcelId });
    expect(state).toEqual({ grams: [2000, 2100, 2050], scale: 'north' });
    expect(version).toBe(3);
  });

  it('is folded into read models as the version of today', async () => {
    const log = new EventLog(new ReadDatabase(await world.connect()), withoutKeys);
    const row = await log.rowAt<ParcelRow>(parcels, Parcel.streamType, parcelId, new Date('2026-03-02'));
    expect(row).toEqual({ id: parcelId, version: 3, grams: 2050 });
  });

  it('stays in the log as it was written', async () => {
    const log = new EventLog(new ReadDatabase(await world.connect()), withoutKeys);
    const [first] = await log.events(Parcel.streamType, parcelId);
    expect(first).toMatchObject({ type: 'parcel.weighed.v1', data: { parcel_id: parcelId, kilos: 2 } });
  });
});
