import { describe, expect, it } from '@jest/globals';

import { EmailHashKey, HmacEmailHashes } from './email-hashes.js';

const hashes = (keys: string): HmacEmailHashes => new HmacEmailHashes(EmailHashKey.of(keys));
const email = 'ada@example.org';

describe('The hash of an e-mail address', () => {
  it('is the same for the same address, and another for any other', () => {
    const one = hashes('k1:a secret of this installation');
    expect(one.of(email)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes('k1:a secret of this installation').of(email)).toBe(one.of(email));
    expect(one.of('adb@example.org')).not.toBe(one.of(email));
  });

  it('stays the same when a key is put before the one that there is', () => {
    expect(hashes('k2:a newer one,k1:a secret of this installation').of(email)).toBe(
      hashes('k1:a secret of this installation').of(email),
    );
  });

  it('is another with another key', () => {
    expect(hashes('k1:one').of(email)).not.toBe(hashes('k1:two').of(email));
  });
});
