import { createHash } from 'node:crypto';

import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): unique, and sortable by the time of its making. */
export const newId = (): string => v7();

/** A UUIDv8 (RFC 9562) that is the same for the same parts, and for no others. */
export function derivedId(...parts: readonly (string | number)[]): string {
  return uuid(createHash('sha256').update(JSON.stringify(parts)).digest(), 8);
}

/** The text form of 16 bytes, with the version and the RFC 9562 variant set in them. */
export function uuid(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
