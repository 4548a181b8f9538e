import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Hmac } from './hmac.js';

const text = fc.string({ unit: 'binary', maxLength: 300 });
const part = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
);

describe('A signature', () => {
  it('is the one that Node gives, whatever the secret and the message', () => {
    fc.assert(
      fc.property(text, fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 4 }), (secret, first, second) => {
        const hmac = new Hmac(secret);
        for (const parts of [first, second]) {
          const expected = createHmac('sha256', secret);
          for (const each of parts) expected.update(each);
          expect(hmac.sign(...parts).toString('hex')).toBe(expected.digest('hex'));
        }
      }),
    );
  });
});
