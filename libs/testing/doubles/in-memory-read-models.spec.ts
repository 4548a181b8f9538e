import { describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { fold, on, projection, type ReadModelRow } from '#kernel';

import { boxes, BoxFilled, BoxPacked, BoxRow, BoxSent } from './boxes.js';
import { InMemoryReadModels } from './in-memory-read-models.js';

const boxId = '0196a1de-0000-7000-8000-000000000001';
const at = '2026-03-01T10:00:00.000Z';
const packed = new BoxPacked({ boxId, label: 'Blankets' });
const filled = new BoxFilled({ boxId, items: 3 });

@Entity({ schema: 'store', name: 'weights' })
class WeightRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('bigint') grams!: string | null;
  @Column('text', { nullable: true }) remark!: string | null;
}

class PlainRow implements ReadModelRow {
  id!: string;
  version!: number;
}

const weights = (row: Partial<WeightRow>) =>
  projection('store.weights', WeightRow, {
    inline: true,
    fold: fold(on(BoxPacked, (_, { boxId: id }) => ({ id, grams: '7', remark: null, ...row }))),
  });

describe('Read models in memory', () => {
  it('show what happened, with moments as moments', () => {
    const readModels = new InMemoryReadModels([boxes]);
    readModels.happened(at, packed, filled);
    expect(readModels.rows(BoxRow)).toEqual([
      {
        id: boxId,
        version: 2,
        label: 'Blankets',
        items: 3,
        remarks: [],
        last: { by: 'somebody' },
        changedAt: new Date(at),
      },
    ]);
  });

  it('do not show what has ended', () => {
    const readModels = new InMemoryReadModels([boxes]);
    readModels.happened(at, packed, new BoxSent({ boxId }));
    expect(readModels.rows(BoxRow)).toEqual([]);
  });

  it('cannot be changed by who reads them', () => {
    const readModels = new InMemoryReadModels([boxes]);
    readModels.happened(at, packed);
    for (const row of readModels.rows(BoxRow)) row.label = 'Books';
    expect(readModels.rows(BoxRow)).toMatchObject([{ label: 'Blankets' }]);
  });

  it('lose what is no column, and answer large numbers as text, as the driver does', () => {
    const readModels = new InMemoryReadModels([weights({ grams: 7 as never, colour: 'red' } as object)]);
    readModels.happened(at, packed);
    expect(readModels.rows(WeightRow)).toEqual([{ id: boxId, version: 1, grams: '7', remark: null }]);
  });

  it('leave no column empty that must not be', () => {
    const readModels = new InMemoryReadModels([weights({ grams: null })]);
    expect(() => readModels.happened(at, packed)).toThrow(
      'store.weights leaves grams empty, whose column is not nullable',
    );
  });

  it('are kept in entities, and written by a projection', () => {
    const plain = projection('store.plain', PlainRow, { inline: true, fold: fold() });
    expect(() => new InMemoryReadModels([plain])).toThrow('PlainRow is no entity');
    expect(() => new InMemoryReadModels([boxes]).rows(WeightRow)).toThrow(
      'no projection of this context writes WeightRow',
    );
  });
});
