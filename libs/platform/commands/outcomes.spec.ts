import { describe, expect, it } from '@jest/globals';

import type { Outcome } from '../messaging/outcome.js';
import { Outcomes, type Waiting } from './outcomes.js';

const succeeded: Outcome = { status: 'succeeded', problem: null, result: { version: 1, created: true } };
const rejected: Outcome = {
  status: 'rejected',
  problem: { kind: 'conflict', reason: 'already_exists', detail: 'd' },
  result: null,
};
const long = 60_000;

const expecting = (outcomes: Outcomes, id: string): Waiting => {
  const waiting = outcomes.expect(id);
  if (!waiting) throw new Error('nobody may wait');
  return waiting;
};

describe('Whoever waits for a command', () => {
  it('hears its outcome', async () => {
    const outcomes = new Outcomes();
    const heard = expecting(outcomes, 'a').within(long);
    outcomes.settle('a', succeeded);
    expect(await heard).toEqual(succeeded);
  });

  it('hears it even when it was told before the waiting began', async () => {
    const outcomes = new Outcomes();
    const waiting = expecting(outcomes, 'a');
    outcomes.settle('a', rejected);
    expect(await waiting.within(0)).toEqual(rejected);
  });

  it('hears the first word, and no other', async () => {
    const outcomes = new Outcomes();
    const heard = expecting(outcomes, 'a').within(long);
    outcomes.settle('a', succeeded);
    outcomes.settle('a', rejected);
    expect(await heard).toEqual(succeeded);
  });

  it('need not be the only one', async () => {
    const outcomes = new Outcomes();
    const all = Array.from({ length: 5 }, () => expecting(outcomes, 'a').within(long));
    const other = expecting(outcomes, 'b');
    outcomes.settle('a', succeeded);
    expect(await Promise.all(all)).toEqual(all.map(() => succeeded));
    expect(outcomes.waiting).toBe(1);
    other.cancel();
  });

  it('hears nothing of others', async () => {
    const outcomes = new Outcomes();
    const heard = expecting(outcomes, 'a').within(20);
    outcomes.settle('b', succeeded);
    expect(await heard).toBeUndefined();
  });

  it('gives up in time, and leaves the others waiting', async () => {
    const outcomes = new Outcomes();
    const patient = expecting(outcomes, 'a').within(long);
    expect(await expecting(outcomes, 'a').within(10)).toBeUndefined();
    expect(outcomes.waiting).toBe(1);
    outcomes.settle('a', succeeded);
    expect(await patient).toEqual(succeeded);
  });

  it('may stop at any time, more than once', async () => {
    const outcomes = new Outcomes();
    const [one, other] = [expecting(outcomes, 'a'), expecting(outcomes, 'a')] as const;
    const heard = one.within(long);
    one.cancel();
    one.cancel();
    expect(await heard).toBeUndefined();
    expect(outcomes.waiting).toBe(1);
    other.cancel();
    expect(outcomes.waiting).toBe(0);
  });

  it('is forgotten afterwards, however the waiting ended', async () => {
    const outcomes = new Outcomes();
    const told = expecting(outcomes, 'a').within(long);
    const late = expecting(outcomes, 'b').within(5);
    expecting(outcomes, 'c').cancel();
    outcomes.settle('a', succeeded);
    await Promise.all([told, late]);
    expect(outcomes.waiting).toBe(0);
    for (const id of ['a', 'b', 'c']) expect(() => outcomes.settle(id, succeeded)).not.toThrow();
  });

  it('may be one of ten thousand, and as many again once these have gone', () => {
    const outcomes = new Outcomes();
    const all = Array.from({ length: 10_000 }, (_, n) => expecting(outcomes, `c${n % 300}`));
    expect(outcomes.expect('one more')).toBeUndefined();
    all[0]?.cancel();
    expect(outcomes.expect('one more')).toBeDefined();
    expect(outcomes.expect('and another')).toBeUndefined();
  });
});

describe('When the process ends', () => {
  it('nobody is kept waiting, and nobody begins to', async () => {
    const outcomes = new Outcomes();
    const all = ['a', 'a', 'b'].map((id) => expecting(outcomes, id).within(long));
    outcomes.onModuleDestroy();
    expect(await Promise.all(all)).toEqual([undefined, undefined, undefined]);
    expect(outcomes.expect('c')).toBeUndefined();
    expect(outcomes.waiting).toBe(0);
  });
});
