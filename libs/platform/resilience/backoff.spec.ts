import { describe, expect, it } from '@jest/globals';

import { backoff } from './backoff.js';

describe('Trying on', () => {
  it('begins at once and counts the attempts', async () => {
    const attempts: number[] = [];
    for await (const attempt of backoff({ first: 1, most: 2 })) {
      attempts.push(attempt);
      if (attempt === 3) break;
    }
    expect(attempts).toEqual([0, 1, 2, 3]);
  });

  it('pauses between half of the time and all of it', async () => {
    const started = performance.now();
    for await (const attempt of backoff({ first: 40, most: 40 })) if (attempt === 1) break;
    expect(performance.now() - started).toBeGreaterThanOrEqual(19);
  });

  it('ends in the middle of a pause when it is called off', async () => {
    const calledOff = new AbortController();
    const attempts: number[] = [];
    for await (const attempt of backoff({ first: 60_000, most: 60_000, signal: calledOff.signal })) {
      attempts.push(attempt);
      setImmediate(() => calledOff.abort());
    }
    expect(attempts).toEqual([0]);
  });

  it('does not begin when it is called off before', async () => {
    for await (const attempt of backoff({ first: 1, most: 1, signal: AbortSignal.abort() }))
      throw new Error(`attempt ${attempt}`);
  });
});
