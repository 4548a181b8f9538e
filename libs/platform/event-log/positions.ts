import { compareCursors, cursorOf, cursorText, type LogCursor } from './cursor.js';

/** Behind all that one transaction has written: nobody needs to know how much that was. */
const lastOfTransaction = '9223372036854775807';

/** What a command wrote stands before this, and what follows it in the log behind. Opaque to clients. */
export const positionOf = (era: number, xid: string): string =>
  Buffer.from(cursorText({ era, xid, position: lastOfTransaction })).toString('base64url');

/** @returns undefined when the text is no position */
export const positionIn = (token: string): LogCursor | undefined =>
  /^[\w-]{1,80}$/.test(token) ? cursorOf(Buffer.from(token, 'base64url').toString('latin1')) : undefined;

/** The one that lies behind the others. Undefined when there are none. */
export const latestPosition = (tokens: readonly string[]): string | undefined =>
  tokens.reduce<string | undefined>((latest, token) => (latest && isBehind(latest, token) ? latest : token), undefined);

function isBehind(a: string, b: string): boolean {
  const [left, right] = [positionIn(a), positionIn(b)];
  return !!left && !!right && compareCursors(left, right) > 0;
}
