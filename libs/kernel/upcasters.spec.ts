import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { currentName, olderNames, upcast, upcaster } from './upcasters.js';

upcaster('parcel.sent.v1', 'parcel.sent.v2', ({ to, ...rest }) => ({ ...rest, receiver: to }));
upcaster('parcel.sent.v2', 'parcel.sent.v3', (data) => ({ ...data, express: false }));

describe('An old event', () => {
  it('is read as the newest version, step by step', () => {
    const read = { type: 'parcel.sent.v3', data: { parcel_id: 'p1', receiver: 'Ann', express: false } };
    expect(upcast('parcel.sent.v1', { parcel_id: 'p1', to: 'Ann' })).toEqual(read);
    expect(upcast('parcel.sent.v2', { parcel_id: 'p1', receiver: 'Ann' })).toEqual(read);
  });

  it('stays as it was written', () => {
    const stored = Object.freeze({ parcel_id: 'p1', to: 'Ann' });
    upcast('parcel.sent.v1', stored);
    expect(stored).toEqual({ parcel_id: 'p1', to: 'Ann' });
  });

  it('goes by the name of the newest version', () => {
    expect(currentName('parcel.sent.v1')).toBe('parcel.sent.v3');
    expect(currentName('parcel.sent.v2')).toBe('parcel.sent.v3');
    expect(olderNames('parcel.sent.v3').toSorted()).toEqual(['parcel.sent.v1', 'parcel.sent.v2']);
  });
});

describe('An event of the newest version', () => {
  it('is read as it is, known or not', () => {
    fc.assert(
      fc.property(fc.constantFrom('parcel.sent.v3', 'parcel.sent.v4', 'parcel.lost.v1'), fc.object(), (type, data) => {
        expect(upcast(type, data)).toEqual({ type, data });
        expect(currentName(type)).toBe(type);
      }),
    );
  });

  it('has no older names unless there are upcasters to it', () => {
    expect(olderNames('parcel.lost.v1')).toEqual([]);
    expect(olderNames('parcel.sent.v2')).toEqual([]);
  });
});

describe('An upcaster', () => {
  it.each([
    ['parcel.sent.v3', 'parcel.sent.v5'],
    ['parcel.sent.v3', 'parcel.sent.v3'],
    ['parcel.sent.v3', 'parcel.sent.v2'],
    ['parcel.sent.v3', 'parcel.posted.v4'],
    ['parcel.sent.v9', 'parcel.sent.v1'],
    ['parcel.sent', 'parcel.sent.v2'],
    ['parcel.sent.v3', 'parcel.sent.v4 '],
  ])('does not lead from %s to %s', (from, to) => {
    expect(() => upcaster(from, to, (data) => data)).toThrow('from one version of an event to the next');
    expect(currentName(from)).toBe(from);
  });

  it('leads over the tens', () => {
    upcaster('parcel.counted.v9', 'parcel.counted.v10', (data) => data);
    expect(currentName('parcel.counted.v9')).toBe('parcel.counted.v10');
  });

  it('is the only one from its version', () => {
    expect(() => upcaster('parcel.sent.v1', 'parcel.sent.v2', (data) => data)).toThrow(
      'there are two upcasters from parcel.sent.v1',
    );
  });
});
