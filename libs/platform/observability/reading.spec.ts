import { describe, expect, it } from '@jest/globals';

import { Reading } from './reading.js';

const limits = { fresh: 60_000, patience: 20, stale: 60_000 };
const never = new Promise<never>(() => undefined);

/** Answers 1, 2, 3 …, or as it is told. */
class Source {
  asked = 0;
  next: (() => Promise<number>) | undefined;

  ask = (): Promise<number> => {
    this.asked++;
    return this.next ? this.next() : Promise.resolve(this.asked);
  };
}

describe('A reading', () => {
  it('asks once while its answer is fresh', async () => {
    const source = new Source();
    const reading = new Reading(source.ask, limits);
    expect([await reading.latest(), await reading.latest()]).toEqual([1, 1]);
  });

  it('asks again when it is not', async () => {
    const reading = new Reading(new Source().ask, { ...limits, fresh: 0 });
    expect([await reading.latest(), await reading.latest()]).toEqual([1, 2]);
  });

  it('asks once for all who want to know at the same time', async () => {
    const source = new Source();
    const reading = new Reading(source.ask, { ...limits, fresh: 0 });
    expect(await Promise.all([reading.latest(), reading.latest()])).toEqual([1, 1]);
    expect(source.asked).toBe(1);
  });

  it('is unknown when asking fails, and forgets what it knew', async () => {
    const source = new Source();
    const reading = new Reading(source.ask, { ...limits, fresh: 0 });
    await reading.latest();
    source.next = () => Promise.reject(new Error('away'));
    expect(await reading.latest()).toBeUndefined();
    source.next = () => never;
    expect(await reading.latest()).toBeUndefined();
  });

  it('keeps nobody waiting for an answer that does not come', async () => {
    const reading = new Reading(() => never, limits);
    const began = performance.now();
    expect(await reading.latest()).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('never has two questions under way, however long the first takes', async () => {
    const source = new Source();
    source.next = () => never;
    const reading = new Reading(source.ask, limits);
    await reading.latest();
    await reading.latest();
    expect(source.asked).toBe(1);
  });

  it('serves the last answer while the next is late, until that is too old', async () => {
    const source = new Source();
    const patient = new Reading(source.ask, { ...limits, fresh: 0 });
    const strict = new Reading(source.ask, { ...limits, fresh: 0, stale: 0 });
    expect([await patient.latest(), await strict.latest()]).toEqual([1, 2]);
    source.next = () => never;
    expect([await patient.latest(), await strict.latest()]).toEqual([1, undefined]);
  });

  it('serves an answer that came too late the next time', async () => {
    const source = new Source();
    const late = Promise.withResolvers<number>();
    source.next = () => late.promise;
    const reading = new Reading(source.ask, limits);
    expect(await reading.latest()).toBeUndefined();
    late.resolve(7);
    await late.promise;
    expect(await reading.latest()).toBe(7);
    expect(source.asked).toBe(1);
  });
});
