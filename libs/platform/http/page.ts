import { IsInt, IsString, isUUID, Max, MaxLength, Min } from 'class-validator';

import { Message, Optional } from '#kernel';

import { Problem } from './problem.js';

/** The query parameters that every list takes. */
export class Page extends Message<Page> {
  @Optional() @IsInt() @Min(1) @Max(100) readonly limit?: number;
  @Optional() @IsString() @MaxLength(500) readonly cursor?: string;
}

export const defaultLimit = 20;

export interface Paged<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end of the list. */
  readonly next_cursor: string | null;
}

/** Keyset cursor of a list that is sorted by a time and then by id. */
export interface TimeCursor {
  readonly at: string;
  readonly id: string;
}

export const encodeCursor = ({ at, id }: TimeCursor): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** @throws Problem 400 `cursor_invalid` */
export function decodeCursor(cursor: string): TimeCursor {
  try {
    const [at, id, ...rest] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const canonical = typeof at === 'string' && /^\d{4}-/.test(at) && new Date(at).toISOString() === at;
    if (canonical && isUUID(id) && rest.length === 0) return { at, id: String(id) };
  } catch {
    // Not one of ours: said below.
  }
  throw new Problem({
    code: 'VALIDATION_ERROR',
    reason: 'cursor_invalid',
    detail: 'the cursor is not one that this list has given: begin again without it',
  });
}

/** A page out of one row more than was asked for. */
export function paged<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
  at: (row: T) => Date,
): Paged<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last;
  return { items, next_cursor: more ? encodeCursor({ at: at(last).toISOString(), id: last.id }) : null };
}
