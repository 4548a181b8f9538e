import { describe, expect, it } from '@jest/globals';

import { TooManyWaiting, Turns, TurnsByKey } from './turns.js';

/** Work that ends when it is told to. */
class Work {
  readonly #done = Promise.withResolvers<string>();
  begun = false;

  constructor(readonly name: string) {}

  readonly run = (): Promise<string> => {
    this.begun = true;
    return this.#done.promise;
  };

  end(): void {
    this.#done.resolve(this.name);
  }

  fail(): void {
    this.#done.reject(new Error(`${this.name} failed`));
  }
}

const works = (...names: string[]): Work[] => names.map((name) => new Work(name));
const begun = (all: readonly Work[]): string[] => all.filter((work) => work.begun).map(({ name }) => name);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('let so many run at a time, the others in their order', async () => {
    const turns = new Turns({ running: 2, waiting: 9 });
    const all = works('a', 'b', 'c', 'd');
    const results = all.map(({ run }) => turns.take(run));
    await settled();
    expect(begun(all)).toEqual(['a', 'b']);
    all[1]?.end();
    await settled();
    expect(begun(all)).toEqual(['a', 'b', 'c']);
    for (const work of all) work.end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
    expect(turns.idle).toBe(true);
  });

  it('go on behind work that fails', async () => {
    const turns = new Turns({ running: 1, waiting: 9 });
    const [bad, good] = works('bad', 'good') as [Work, Work];
    const results = [turns.take(bad.run), turns.take(good.run)];
    bad.fail();
    await expect(results[0]).rejects.toThrow('bad failed');
    good.end();
    await expect(results[1]).resolves.toBe('good');
  });

  it('refuse whoever would wait behind too many, and nobody after that', async () => {
    const turns = new Turns({ running: 1, waiting: 1 });
    const [first, second, third, last] = works('first', 'second', 'third', 'last') as [Work, Work, Work, Work];
    const results = [turns.take(first.run), turns.take(second.run)];
    await expect(turns.take(third.run)).rejects.toThrow(TooManyWaiting);
    first.end();
    await results[0];
    const afterwards = turns.take(last.run);
    second.end();
    last.end();
    expect(await Promise.all([results[1], afterwards])).toEqual(['second', 'last']);
    expect(begun([third])).toEqual([]);
  });
});

describe('Turns by key', () => {
  it('hold up nobody with another key', async () => {
    const turns = new TurnsByKey({ running: 1, waiting: 9 });
    const [first, second, other] = works('first', 'second', 'other') as [Work, Work, Work];
    const results = [turns.take('ada', first.run), turns.take('ada', second.run), turns.take('bob', other.run)];
    await settled();
    expect(begun([first, second, other])).toEqual(['first', 'other']);
    first.end();
    await settled();
    expect(begun([first, second, other])).toEqual(['first', 'second', 'other']);
    for (const work of [second, other]) work.end();
    expect(await Promise.all(results)).toEqual(['first', 'second', 'other']);
  });
});
