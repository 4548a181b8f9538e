import { describe, expect, it } from '@jest/globals';

import { coalesce } from './coalesce.js';

function doubled(most?: number) {
  const batches: number[][] = [];
  const double = coalesce(async (calls: readonly number[]) => {
    batches.push([...calls]);
    return calls.map((call) => call * 2);
  }, most);
  return { batches, double };
}

describe('Calls that happen together', () => {
  it('become one, and each gets its own answer', async () => {
    const { batches, double } = doubled();
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('are those of one turn of the event loop', async () => {
    const { batches, double } = doubled();
    await double(1);
    await double(2);
    expect(batches).toEqual([[1], [2]]);
  });

  it('are cut where one call would become too large', async () => {
    const { batches, double } = doubled(2);
    expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fail together, and the next ones do not', async () => {
    let broken = true;
    const ask = coalesce(async (calls: readonly number[]) => {
      if (broken) throw new Error('down');
      return calls;
    });
    expect(await Promise.allSettled([ask(1), ask(2)])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    broken = false;
    expect(await ask(3)).toBe(3);
  });
});
