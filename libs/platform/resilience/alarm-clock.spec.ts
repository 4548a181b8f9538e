import { describe, expect, it } from '@jest/globals';

import { AlarmClock } from './alarm-clock.js';

describe('An alarm clock', () => {
  it('wakes all who sleep', async () => {
    const clock = new AlarmClock();
    const sleepers = [clock.within(10_000), clock.within(10_000)];
    clock.wake();
    expect(await Promise.all(sleepers)).toEqual([true, true]);
  });

  it('lets nobody sleep longer than he wants', async () => {
    expect(await new AlarmClock().within(1)).toBe(false);
  });

  it('does not let those sleep who have missed it', async () => {
    const clock = new AlarmClock();
    const before = clock.rung;
    clock.wake();
    expect(await clock.within(10_000, before)).toBe(true);
    expect(await clock.within(1)).toBe(false);
  });
});
