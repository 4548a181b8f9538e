import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { Database } from '../database/database.js';
import type { CommandIdentity } from './command-ids.js';

const fingerprintOf = {
  name: 'idempotency_keys_fingerprint',
  text: 'select fingerprint from platform.commands where key_hash = any($1::bytea[])',
};

/** Accepting commands does not depend on Postgres: so long, in milliseconds, it may take to tell what it has stored. */
const patience = 100;

/**
 * Knows which request an `Idempotency-Key` was used with, as far as this process remembers or Postgres has stored it. The
 * inbox decides in any case; this only lets the sender hear of it at once.
 */
@Injectable()
export class IdempotencyKeys {
  readonly #fingerprints = new LRUCache<string, Buffer>({ max: 20_000 });

  constructor(private readonly database: Database) {}

  /** Another request is remembered under the key. */
  reused({ keyHash, fingerprint }: CommandIdentity): boolean {
    const known = keyHash && this.#fingerprints.get(keyHash.toString('base64'));
    return !!known && !!fingerprint && !known.equals(fingerprint);
  }

  /** The same request is remembered under the key. */
  remembers({ keyHash, fingerprint }: CommandIdentity): boolean {
    const known = keyHash && this.#fingerprints.get(keyHash.toString('base64'));
    return !!known && !!fingerprint && known.equals(fingerprint);
  }

  remember({ keyHash, fingerprint }: CommandIdentity): void {
    if (keyHash && fingerprint) this.#fingerprints.set(keyHash.toString('base64'), fingerprint);
  }

  /**
   * Another request is stored under the key. False also when Postgres does not say so in time.
   * @param commands what the request becomes, where that is more than itself
   */
  async reusedInStore(request: CommandIdentity, commands: readonly CommandIdentity[] = [request]): Promise<boolean> {
    const { keyHash, fingerprint } = request;
    if (!keyHash || !fingerprint || !this.database.reachable) return false;
    if (this.#fingerprints.has(keyHash.toString('base64'))) return false;
    const giveUp = new AbortController();
    const stored = this.database
      .query<{ fingerprint: Buffer | null }>(fingerprintOf, [commands.map((command) => command.keyHash)])
      .catch(() => []);
    const found = await Promise.race([stored, delay(patience, [], { signal: giveUp.signal }).catch(() => [])]);
    giveUp.abort();
    return found.some((row) => row.fingerprint !== null && !row.fingerprint.equals(fingerprint));
  }
}
