import { hash, randomFillSync } from 'node:crypto';

import { stringify, v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): unique, and sorted behind all that this process has made before. */
export const newId = (): string => stringify(newIdBytes());

/** The 16 bytes of a new UUIDv7. */
export function newIdBytes(): Buffer {
  const random = randomBytes();
  const now = Date.now();
  if (now > last.msecs) last = { msecs: now, seq: random.readUInt32BE(0) >>> 1 };
  else last = { msecs: last.msecs, seq: last.seq + 1 };
  return v7({ random, ...last }, Buffer.alloc(16));
}

let last = { msecs: 0, seq: 0 };

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

/** 16 of them. Made in bulk: a call into the generator costs as much as hashing a request. */
function randomBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.subarray(used, (used += 16));
}

/** A UUIDv8 (RFC 9562) that is the same for the same parts, and for no others. */
export function derivedId(...parts: readonly (string | number)[]): string {
  return uuid(hash('sha256', JSON.stringify(parts), 'buffer'), 8);
}

/** The text form of 16 bytes, with the version and the RFC 9562 variant set in them. */
export function uuid(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
