import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Problem } from '../problem.js';
import { RateLimit } from './rate-limit.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Seconds to wait; 0 when the request is let in. */
const taken = (limit: RateLimit, key: string): Promise<number> =>
  limit.take(key).then(
    () => 0,
    (error: Problem) => {
      expect(error).toMatchObject({ status: 429, details: { code: 'RATE_LIMITED', reason: 'rate_limited' } });
      return Number(error.details.headers?.['Retry-After']);
    },
  );

describe('A limit of requests a minute', () => {
  it('lets so many in, and says when there will be room', async () => {
    const limit = new RateLimit(2);
    expect(await taken(limit, 'a')).toBe(0);
    jest.advanceTimersByTime(20_000);
    expect(await taken(limit, 'a')).toBe(0);
    expect(await taken(limit, 'a')).toBe(40);
    jest.advanceTimersByTime(39_999);
    expect(await taken(limit, 'a')).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await taken(limit, 'a')).toBe(0);
  });

  it('counts everybody alone', async () => {
    const limit = new RateLimit(1);
    expect(await taken(limit, 'a')).toBe(0);
    expect(await taken(limit, 'b')).toBe(0);
    expect(await taken(limit, 'a')).toBeGreaterThan(0);
  });

  it('is none when it is 0', async () => {
    const limit = new RateLimit(0);
    for (let request = 0; request < 1_000; request++) expect(await taken(limit, 'a')).toBe(0);
  });

  it('tells only so many apart, and forgets those whose minutes began first', async () => {
    const limit = new RateLimit(1, 2);
    for (const key of ['a', 'b', 'c']) expect(await taken(limit, key)).toBe(0);
    expect(await taken(limit, 'b')).toBeGreaterThan(0);
    expect(await taken(limit, 'c')).toBeGreaterThan(0);
    expect(await taken(limit, 'a')).toBe(0);
    // One timer for each that is remembered: nothing else is left of the forgotten.
    expect(jest.getTimerCount()).toBe(2);
  });

  it('takes a new minute of the same one for no other', async () => {
    const limit = new RateLimit(1, 2);
    await taken(limit, 'a');
    await taken(limit, 'b');
    jest.advanceTimersByTime(60_000);
    await taken(limit, 'a');
    await taken(limit, 'c');
    expect(await taken(limit, 'a')).toBeGreaterThan(0);
    expect(jest.getTimerCount()).toBe(2);
  });
});
