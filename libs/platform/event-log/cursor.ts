/**
 * A place in the log. Position alone is none: numbers are given out before transactions commit, so they become visible
 * out of order. Numbers beyond what JavaScript holds exactly are kept as text.
 */
export interface LogCursor {
  /** Raised when the log is restored into a cluster whose transaction ids begin anew. */
  readonly era: number;
  /** The transaction that wrote it (xid8). */
  readonly xid: string;
  readonly position: string;
}

/** Before all events. */
export const beginning: LogCursor = { era: 0, xid: '0', position: '0' };

export const cursorText = ({ era, xid, position }: LogCursor): string => `${era}.${xid}.${position}`;

/** @returns undefined when the text is no cursor */
export function cursorOf(text: string): LogCursor | undefined {
  const [, era, xid, position] = /^(\d{1,9})\.(\d{1,20})\.(\d{1,19})$/.exec(text) ?? [];
  return era && xid && position ? { era: Number(era), xid, position } : undefined;
}

/** Negative when `a` lies before `b`. */
export function compareCursors(a: LogCursor, b: LogCursor): number {
  if (a.era !== b.era) return a.era - b.era;
  const [left, right] = a.xid === b.xid ? [a.position, b.position] : [a.xid, b.xid];
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
