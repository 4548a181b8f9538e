import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Cursors } from '../http/cursors.js';
import { StreamPlaces, type Place } from './stream-places.js';

const ann = '0196a1de-0000-7000-8000-00000000000a';
const bob = '0196a1de-0000-7000-8000-00000000000b';
const now = Date.parse('2026-03-01T10:00:00Z');
const minutes = 60_000;

const places = new StreamPlaces(new Cursors('a secret of these tests, long enough'));
const place: Place = { settled: now, cursor: { era: 1, xid: '18446744073709551615', position: '9223372036854775807' } };

describe('The place of a stream', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.property(
        fc.record({
          settled: fc.integer({ min: now - 5 * minutes, max: now }),
          cursor: fc.record({
            era: fc.nat(1_000_000),
            xid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
            position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
          }),
        }),
        (given) => expect(places.placeOf(ann, places.idOf(ann, given), now)).toEqual(given),
      ),
    ));

  it('is one line without spaces, as an id and a header must be', () => {
    expect(places.idOf(ann, place)).toMatch(/^[\w.-]+$/);
  });

  it('leads whoever else has it nowhere', () => {
    expect(places.placeOf(bob, places.idOf(ann, place), now)).toBe('unknown');
  });

  it('is too old after five minutes', () => {
    expect(places.placeOf(ann, places.idOf(ann, place), now + 5 * minutes)).toEqual(place);
    expect(places.placeOf(ann, places.idOf(ann, place), now + 5 * minutes + 1)).toBe('too_old');
  });

  it('cannot be made up or changed', () => {
    const id = places.idOf(ann, place);
    const others = new StreamPlaces(new Cursors('another secret of these tests, long too'));
    for (const forged of ['', '1', '.', 'null', others.idOf(ann, place), `x${id}`, id.slice(1), id.replace(/.$/, '')])
      expect({ forged, place: places.placeOf(ann, forged, now) }).toEqual({ forged, place: 'unknown' });
  });

  it('is none where a list ended, though the same key has signed that', () => {
    const cursors = new Cursors('a secret of these tests, long enough');
    expect(places.placeOf(ann, cursors.seal(['tasks', ann], { key: String(now), id: '1.2.3' }), now)).toBe('unknown');
  });
});
