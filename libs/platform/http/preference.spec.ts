import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { preferenceOf } from './preference.js';

const waiting = (wait: number) => ({ wait, applied: `wait=${wait}` });
const atOnce = { wait: 0, applied: 'respond-async' };

describe('What a client prefers', () => {
  it.each([
    ['wait=10', waiting(10)],
    ['wait = 10', waiting(10)],
    ['Wait=10', waiting(10)],
    ['wait="10"', waiting(10)],
    ['  wait=10 ; strict', waiting(10)],
    ['wait=0', waiting(0)],
    ['wait=007', waiting(7)],
    ['respond-async', atOnce],
    ['Respond-Async', atOnce],
    ['respond-async; why=hurry', atOnce],
    ['return=minimal, respond-async', atOnce],
    ['return=minimal,,wait=3', waiting(3)],
  ])('is read from %j', (header, preference) => {
    expect(preferenceOf(header)).toEqual(preference);
  });

  it('may be said in several headers', () => {
    expect(preferenceOf(['return=minimal', 'wait=3'])).toEqual(waiting(3));
    expect(preferenceOf(['return=minimal', 'respond-async'])).toEqual(atOnce);
  });

  it('is to wait for a while, and not for longer, when it is both', () => {
    for (const header of ['respond-async, wait=10', 'wait=10, respond-async'])
      expect(preferenceOf(header)).toEqual(waiting(10));
    expect(preferenceOf(['respond-async', 'wait=10'])).toEqual(waiting(10));
  });

  it('counts the first time when it is said twice', () => {
    expect(preferenceOf('wait=3, wait=9')).toEqual(waiting(3));
    expect(preferenceOf(['wait=3', 'wait=9'])).toEqual(waiting(3));
  });

  it('is to wait half a minute at most', () => {
    for (const seconds of ['30', '31', '3600', '9'.repeat(40)])
      expect(preferenceOf(`wait=${seconds}`)).toEqual(waiting(30));
  });

  it.each([
    '',
    ',',
    'wait',
    'wait=',
    'wait=-1',
    'wait=1.5',
    'wait=1e1',
    'wait=ten',
    'await=10',
    'wait=10s',
    'wait="10',
    'async',
  ])('is ignored when it is malformed or unknown: %j', (header) => {
    expect(preferenceOf(header)).toEqual({ wait: 0 });
    expect(preferenceOf(header, 5)).toEqual({ wait: 5 });
  });

  it('is what the route does anyway when it is not said', () => {
    expect(preferenceOf(undefined)).toEqual({ wait: 0 });
    expect(preferenceOf(undefined, 5)).toEqual({ wait: 5 });
    expect(preferenceOf([], 5)).toEqual({ wait: 5 });
  });

  it('stands against what the route does', () => {
    expect(preferenceOf('respond-async', 5)).toEqual(atOnce);
    expect(preferenceOf('wait=1', 5)).toEqual(waiting(1));
    expect(preferenceOf('wait=0', 5)).toEqual(waiting(0));
  });

  it('is from none to thirty seconds, whatever was sent', () => {
    const part = fc.oneof(
      fc.string(),
      fc.nat().map((seconds) => `wait=${seconds}`),
      fc.constant('respond-async'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const { wait, applied } = preferenceOf(parts.join());
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(30);
        expect([undefined, 'respond-async', `wait=${wait}`]).toContain(applied);
      }),
    );
  });
});
