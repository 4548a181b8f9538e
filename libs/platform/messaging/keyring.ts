import { timingSafeEqual } from 'node:crypto';

import { Hmac } from './hmac.js';

/** The secrets that messages are signed with: HMAC-SHA-256 under one of several, so that they rotate without a pause. */
export class Keyring {
  readonly #keys: ReadonlyMap<string, Hmac>;
  /** Id of the key that signs. */
  readonly signingKey: string;

  /** @param keys `id:secret[,id:secret …]`: the first signs, all verify */
  constructor(keys: string) {
    this.#keys = new Map(
      keys.split(',').map((key) => {
        const end = key.indexOf(':');
        return [key.slice(0, end), new Hmac(key.slice(end + 1))];
      }),
    );
    this.signingKey = [...this.#keys.keys()][0] as string;
  }

  /** @returns undefined when there is no key of that id */
  sign(keyId: string, ...parts: readonly (string | Buffer)[]): Buffer | undefined {
    return this.#keys.get(keyId)?.sign(...parts);
  }
}

/** Compares in constant time. */
export function sameSignature(given: string, expected: Buffer): boolean {
  const bytes = Buffer.from(given, 'base64url');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
