import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { addressKey } from './address.js';

describe('An address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['[2001:db8::1]:443', '[2001:db8::1]:443'],
  ])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key));

  it('is none once its connection is gone', () => expect(addressKey(undefined)).toBe(''));

  it('of IPv6 is the same network whatever its last four groups are', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const four = fc.tuple(group, group, group, group);
    const written = (groups: readonly number[]): string => groups.map((each) => each.toString(16)).join(':');
    fc.assert(
      fc.property(four, four, four, (network, one, other) => {
        const [key, same] = [one, other].map((host) => addressKey(written([...network, ...host])));
        expect(same).toBe(key);
        expect(key).toBe(`${written(network)}::/64`);
      }),
    );
  });
});
