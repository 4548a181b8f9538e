import { hash } from 'node:crypto';

import { sameBytes, Signatures } from '../keys/signatures.js';

/**
 * Makes the secrets of service clients: 256 bits out of the id of the command that makes the client. So a request that is
 * repeated under its `Idempotency-Key` is shown the same secret, whichever instance answers, and nobody stores it.
 */
export class ServiceClientSecrets {
  readonly #signatures: Signatures;

  /** @param keys `id:secret[,id:secret …]`, the installation's encryption keys */
  constructor(keys: string) {
    this.#signatures = new Signatures(keys, 'secrets of service clients');
  }

  /** The secret of the client that the command makes. */
  issue(commandId: string): string {
    return this.#signatures.sign(commandId).toString('base64url');
  }

  /**
   * The secret that was issued for the command, as its hash shows: the keys may have been rotated since.
   * @returns undefined when its key is gone
   */
  issued(commandId: string, secretHash: string): string | undefined {
    return this.#signatures
      .candidates(commandId)
      .map((secret) => secret.toString('base64url'))
      .find((secret) => hasHash(secret, secretHash));
  }
}

/** What is stored of a secret. It has 256 bits: nobody finds it by trying, however fast the hash is. */
export const hashOfSecret = (secret: string): string => hash('sha256', secret, 'base64url');

/** Compares in constant time. */
export const hasHash = (secret: string, secretHash: string): boolean =>
  sameBytes(Buffer.from(hashOfSecret(secret)), Buffer.from(secretHash));
