import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

import { derivedKey } from '#platform/privacy/sealing.js';

type Part = string | Buffer;

/** Signs for one use (HMAC-SHA-256), under keys that rotate without a pause: the first signs, all verify. */
export class Signatures {
  readonly #keys: readonly KeyObject[];

  /**
   * @param keys `id:secret[,id:secret …]`, the installation's encryption keys
   * @param use what is signed: a signature is good for no other use
   */
  constructor(keys: string, use: string) {
    this.#keys = keys.split(',').map((key) => derivedKey(key.slice(key.indexOf(':') + 1), `contextflow ${use}`));
  }

  sign(...parts: readonly Part[]): Buffer {
    return signature(this.#keys[0] as KeyObject, parts);
  }

  /** What each of the keys makes of it, the newest first. */
  candidates(...parts: readonly Part[]): Buffer[] {
    return this.#keys.map((key) => signature(key, parts));
  }

  verify(given: Buffer, ...parts: readonly Part[]): boolean {
    return this.candidates(...parts).some((expected) => sameBytes(given, expected));
  }
}

/** Compares in constant time. */
export const sameBytes = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

/** Each part with its length before it, so that no two lists of parts are signed alike. */
function signature(key: KeyObject, parts: readonly Part[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest();
}
