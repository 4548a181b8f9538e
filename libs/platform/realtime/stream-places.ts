import { cursorOf, cursorText, type LogCursor } from '../event-log/cursor.js';
import type { Cursors } from '../http/cursors.js';

/** Up to where a stream has told all that there is. */
export interface Place {
  /** Outcomes: milliseconds of the database's clock. */
  readonly settled: number;
  /** Events of the log. */
  readonly cursor: LogCursor;
}

export type LostPlace = 'unknown' | 'too_old';

/** What happened longer ago, in milliseconds, is read again rather than told again. */
const oldest = 5 * 60_000;

/** Writes places as the ids of a stream's events, signed for the user who got them, and reads them again. */
export class StreamPlaces {
  constructor(private readonly cursors: Pick<Cursors, 'seal' | 'open'>) {}

  idOf(userId: string, { settled, cursor }: Place): string {
    return this.cursors.seal(listOf(userId), { key: String(settled), id: cursorText(cursor) });
  }

  /** The place that an id stands for, or why it leads nowhere. */
  placeOf(userId: string, id: string, now = Date.now()): Place | LostPlace {
    const place = this.#read(userId, id);
    if (!place) return 'unknown';
    return now - place.settled > oldest ? 'too_old' : place;
  }

  #read(userId: string, id: string): Place | undefined {
    try {
      const { key, id: text } = this.cursors.open(listOf(userId), id);
      const cursor = cursorOf(text);
      return cursor && { settled: Number(key), cursor };
    } catch {
      return undefined;
    }
  }
}

const listOf = (userId: string): readonly string[] => ['realtime', userId];
