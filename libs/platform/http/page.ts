import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

import { Example, Message, Optional } from '#kernel';

/** The query parameters that every list takes. */
export class Page extends Message<Page> {
  @Optional() @IsInt() @Min(1) @Max(100) @Example(20) readonly limit?: number;
  @Optional() @IsString() @MaxLength(2000) readonly cursor?: string;
  @Optional() @IsIn(['total']) readonly include?: 'total';
}

export const defaultLimit = 20;

export interface Paged<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end of the list. */
  readonly next_cursor: string | null;
  /** How many items the list has in all, when `include=total` asked for it. */
  readonly total?: number;
}
