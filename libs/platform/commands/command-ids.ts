import { createHash, timingSafeEqual } from 'node:crypto';

import stringify from 'fast-json-stable-stringify';
import { parse } from 'uuid';

import { newIdBytes, uuid } from '#kernel';

import { Hmac } from '../messaging/hmac.js';

/** The author of commands that were sent without a token. */
export const anonymous = 'anonymous';

/** A command's id, and what it was derived from. */
export interface CommandIdentity {
  readonly id: string;
  readonly keyHash?: Buffer;
  readonly fingerprint?: Buffer;
}

export interface KeyedRequest {
  readonly author: string;
  /** Method and pattern of the route. */
  readonly route: string;
  /** Method, concrete path and query. */
  readonly target: string;
  readonly key: string;
  readonly body: unknown;
  /** The `If-Match` header, if there was one. */
  readonly ifMatch?: string;
}

/**
 * Command ids carry a signature: the last 32 bits are a truncated HMAC over the rest and the author. So an id that was
 * never issued, or was issued to somebody else, is told apart from one whose command has not run yet without a look-up.
 */
export class CommandIds {
  readonly #hmac: Hmac;

  constructor(secret: string) {
    this.#hmac = new Hmac(secret);
  }

  /** A new UUIDv7. */
  issue(author: string): CommandIdentity {
    return { id: this.#signed(newIdBytes(), 7, author) };
  }

  /** The UUIDv8 of a request with an `Idempotency-Key`: the same for the same key, author, route and content. */
  derive({ author, route, target, key, body, ifMatch }: KeyedRequest): CommandIdentity {
    const keyHash = digest(author, route, key);
    const fingerprint = this.#fingerprint(target, stringify(body ?? null), ifMatch ?? '');
    return { id: this.#signed(Buffer.from(digest(keyHash, fingerprint)), 8, author), keyHash, fingerprint };
  }

  /** Of one of the commands that a request becomes: the same for the same request and place in it. */
  ofItem(request: CommandIdentity, index: number, author: string): CommandIdentity {
    const { id, keyHash, fingerprint } = request;
    return {
      id: this.#signed(digest(id, String(index)), 8, author),
      keyHash: keyHash && digest(keyHash, String(index)),
      fingerprint,
    };
  }

  /** Whether the id was issued to that author. */
  issuedTo(author: string, id: string): boolean {
    const bytes = Buffer.from(parse(id));
    return timingSafeEqual(this.#mac(bytes, author), bytes.subarray(12, 16));
  }

  /** When a command without an `Idempotency-Key` was accepted: its id is a UUIDv7, which begins with the time. */
  acceptedAt(id: string): Date | undefined {
    const bytes = Buffer.from(parse(id));
    return (bytes[6] as number) >> 4 === 7 ? new Date(bytes.readUIntBE(0, 6)) : undefined;
  }

  #signed(bytes: Buffer, version: number, author: string): string {
    uuid(bytes, version);
    this.#mac(bytes, author).copy(bytes, 12);
    return uuid(bytes, version);
  }

  /** Under a key: the body may hold a password, which nobody shall find by trying. */
  #fingerprint(...parts: readonly string[]): Buffer {
    return this.#hmac.sign(digest(...parts));
  }

  #mac(bytes: Buffer, author: string): Buffer {
    return this.#hmac.sign(bytes.subarray(0, 12), author).subarray(0, 4);
  }
}

function digest(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest();
}
