import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { SortedList } from './sorted-list.js';

interface Item {
  readonly rank: number;
  readonly name: number;
}

const byRank = (a: Item, b: Item): number => a.rank - b.rank;
const ascending = (a: number, b: number): number => a - b;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const listOf = (items: readonly number[]): SortedList<number> =>
  items.reduce((list, item) => list.with(item), SortedList.by(ascending));
const copiedBetween = (before: SortedList<number>, after: SortedList<number>): number =>
  after.chunks.filter((chunk) => !before.chunks.includes(chunk)).reduce((sum, { length }) => sum + length, 0);

describe('A sorted list', () => {
  it('is what an array would be that is sorted after each change', () => {
    const change = fc.oneof(
      { weight: 4, arbitrary: fc.record({ does: fc.constant('insert'), rank: fc.nat(300) }) },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('remove'), rank: fc.nat(300) }) },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 800, size: 'max' }), (changes) => {
        let list = SortedList.by(byRank);
        let array: Item[] = [];
        for (const [name, { does, rank }] of changes.entries()) {
          const isOfRank = (item: Item): boolean => item.rank === rank;
          expect(list.find(isOfRank)).toEqual(array.find(isOfRank));
          if (does === 'insert') {
            list = list.with({ rank, name });
            array.push({ rank, name });
            array.sort(byRank);
          } else {
            list = list.without(isOfRank);
            const gone = array.findIndex(isOfRank);
            array = array.filter((_, at) => at !== gone);
          }
        }
        expect(list.toArray()).toEqual(array);
        expect([...list]).toEqual(array);
        expect(list.chunks.every(({ length }) => length > 0 && length <= 256)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('stays as it was when another is made of it', () => {
    const list = listOf(numbers(1_000));
    list.with(500.5);
    list.with(1_000);
    list.without((item) => item === 500);
    expect(list.toArray()).toEqual(numbers(1_000));
    expect(list.without((item) => item === 1_000)).toBe(list);
  });

  it('copies the last chunk alone for each of 50,000 items that come in order', () => {
    let list = SortedList.by(ascending);
    let copied = 0;
    for (const item of numbers(50_000)) {
      const next = list.with(item);
      next.chunks.forEach((chunk, at) => (copied += chunk === list.chunks[at] ? 0 : chunk.length));
      list = next;
    }
    expect(list.toArray()).toEqual(numbers(50_000));
    expect(list.chunks.length).toBeLessThan(200);
    expect(copied).toBeLessThanOrEqual(50_000 * 256);
  });

  it('copies one chunk for what is inserted or removed anywhere', () => {
    const list = listOf(numbers(50_000));
    for (const item of [-1, 12_345.5, 49_998.5, 50_000]) {
      expect(copiedBetween(list, list.with(item))).toBeLessThanOrEqual(257);
    }
    expect(
      copiedBetween(
        list,
        list.without((item) => item === 20_000),
      ),
    ).toBe(255);
  });
});
