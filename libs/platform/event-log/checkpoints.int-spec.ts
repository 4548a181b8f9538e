import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { Checkpoints } from './checkpoints.js';
import { beginning, type LogCursor } from './cursor.js';

let world: ConnectedDatabase;
let checkpoints: Checkpoints;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  checkpoints = new Checkpoints(await world.connect());
});
afterAll(() => world.remove());

const place = (position: number): LogCursor => ({ era: 1, xid: '18446744073709551615', position: String(position) });

describe('A checkpoint', () => {
  it('stands at the beginning until it is moved, and then where it was moved to, to the last digit', async () => {
    expect(await checkpoints.read('one')).toEqual(beginning);
    const far = { era: 2, xid: '18446744073709551614', position: '9223372036854775806' };
    expect(await checkpoints.advance('one', beginning, far)).toBe(true);
    expect(await checkpoints.read('one')).toEqual(far);
  });

  it('is moved only by who knows where it stands', async () => {
    expect(await checkpoints.advance('two', beginning, place(5))).toBe(true);
    expect(await checkpoints.advance('two', beginning, place(9))).toBe(false);
    expect(await checkpoints.advance('two', place(4), place(9))).toBe(false);
    expect(await checkpoints.read('two')).toEqual(place(5));
    expect(await checkpoints.advance('two', place(5), place(9))).toBe(true);
  });

  it('that two move at once is moved by one', async () => {
    const other = new Checkpoints(await world.connect());
    for (let n = 0; n < 20; n++) {
      const from = await checkpoints.read('three');
      const moved = await Promise.all([
        checkpoints.advance('three', from, place(2 * n + 1)),
        other.advance('three', from, place(2 * n + 2)),
      ]);
      expect(moved.filter(Boolean)).toHaveLength(1);
    }
  });

  it('has nothing to do with those of other readers', async () => {
    await checkpoints.advance('four', beginning, place(1));
    expect(await checkpoints.read('five')).toEqual(beginning);
  });
});
