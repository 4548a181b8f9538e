import { hash } from 'node:crypto';

const blockLength = 64;
const digestLength = 32;

/**
 * HMAC-SHA-256 (RFC 2104) under one secret. What Node's own makes for each signature, an object around OpenSSL's, costs
 * more than the hashing of a message.
 */
export class Hmac {
  readonly #inner: Buffer;
  readonly #outer: Buffer;
  readonly #message = Buffer.alloc(2_048);

  constructor(secret: string) {
    const given = Buffer.from(secret, 'utf8');
    const key = Buffer.alloc(blockLength);
    (given.length > blockLength ? hash('sha256', given, 'buffer') : given).copy(key);
    this.#inner = key.map((byte) => byte ^ 0x36) as Buffer;
    this.#outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(digestLength)]);
    this.#inner.copy(this.#message);
  }

  /** Of the parts one after the other. */
  sign(...parts: readonly (string | Buffer)[]): Buffer {
    let length = blockLength;
    for (const part of parts) length += Buffer.byteLength(part);
    const message = this.#room(length);
    let end = blockLength;
    for (const part of parts) end += typeof part === 'string' ? message.write(part, end) : part.copy(message, end);
    this.#outer.write(hash('sha256', message.subarray(0, length), 'hex'), blockLength, 'hex');
    return hash('sha256', this.#outer, 'buffer');
  }

  /** Begins with the inner key. A long message has one of its own, which is not kept. */
  #room(length: number): Buffer {
    return length <= this.#message.length ? this.#message : Buffer.concat([this.#inner], length);
  }
}
