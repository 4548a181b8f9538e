import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** The secrets that messages are signed with: HMAC-SHA-256 under one of several, so that they rotate without a pause. */
export class Keyring {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** Id of the key that signs. */
  readonly signingKey: string;

  /** @param keys `id:secret[,id:secret …]`: the first signs, all verify */
  constructor(keys: string) {
    this.#keys = new Map(
      keys.split(',').map((key) => {
        const end = key.indexOf(':');
        return [key.slice(0, end), createSecretKey(key.slice(end + 1), 'utf8')];
      }),
    );
    this.signingKey = [...this.#keys.keys()][0] as string;
  }

  /** @returns undefined when there is no key of that id */
  sign(keyId: string, ...parts: readonly (string | Buffer)[]): Buffer | undefined {
    const secret = this.#keys.get(keyId);
    if (secret === undefined) return undefined;
    const mac = createHmac('sha256', secret);
    for (const part of parts) mac.update(part);
    return mac.digest();
  }
}

/** Compares in constant time. */
export function sameSignature(given: string, expected: Buffer): boolean {
  const bytes = Buffer.from(given, 'base64url');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
