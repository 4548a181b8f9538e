import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { CircuitBreaker, CircuitOpen } from './circuit-breaker.js';

describe('A circuit breaker', () => {
  let now: number;
  let breaker: CircuitBreaker;
  const fails = (): Promise<unknown> =>
    breaker.run(() => Promise.reject(new Error('away'))).catch((error: unknown) => error);
  const works = (): Promise<string> => breaker.run(() => Promise.resolve('answered'));

  beforeEach(() => {
    now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    breaker = new CircuitBreaker({ failures: 3, pause: 1_000 });
  });
  afterEach(() => void jest.restoreAllMocks());

  it('lets everything through while the other side answers now and then', async () => {
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 2; n++) expect(await fails()).toMatchObject({ message: 'away' });
      expect(await works()).toBe('answered');
    }
  });

  it('opens after so many failures in a row', async () => {
    for (let n = 0; n < 3; n++) expect(await fails()).not.toBeInstanceOf(CircuitOpen);
    await expect(works()).rejects.toBeInstanceOf(CircuitOpen);
  });

  it('lets one attempt through after its pause, and the rest if that one succeeds', async () => {
    for (let n = 0; n < 3; n++) await fails();
    now = 1_000;
    let finish: (result: string) => void = () => undefined;
    const first = breaker.run(() => new Promise<string>((resolve) => (finish = resolve)));
    await expect(works()).rejects.toBeInstanceOf(CircuitOpen);
    finish('first');
    expect(await first).toBe('first');
    expect(await works()).toBe('answered');
  });

  it('stays open for another pause if that one fails', async () => {
    for (let n = 0; n < 3; n++) await fails();
    now = 1_000;
    expect(await fails()).toMatchObject({ message: 'away' });
    now = 1_999;
    await expect(works()).rejects.toBeInstanceOf(CircuitOpen);
    now = 2_000;
    expect(await works()).toBe('answered');
  });
});
