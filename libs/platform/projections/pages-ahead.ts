import type { LogCursor } from '../event-log/cursor.js';
import type { LogPage } from './log-pages.js';

/** So many pages are read before they are asked for, so that the server reads on while one is folded and written. */
const depth = 2;

/** Pages of the log one after the other, read in advance as long as they are full. */
export class PagesAhead {
  readonly #coming: Promise<LogPage>[] = [];
  #after: LogCursor;

  constructor(
    private readonly read: (after: LogCursor) => Promise<LogPage>,
    from: LogCursor,
  ) {
    this.#after = from;
  }

  /** The next one, or an empty one at the end of the log; asked again, it looks again. */
  async next(): Promise<LogPage> {
    const page = await (this.#coming.shift() ?? this.read(this.#after));
    this.#after = page.end ?? this.#after;
    if (!page.full) this.#coming.length = 0;
    else while (this.#coming.length < depth) this.#coming.push(this.#behind(this.#coming.at(-1) ?? page));
    return page;
  }

  #behind(before: LogPage | Promise<LogPage>): Promise<LogPage> {
    const coming = this.#read(before);
    // Whoever takes it hears of a failure; nobody may come for it.
    coming.catch(() => undefined);
    return coming;
  }

  async #read(before: LogPage | Promise<LogPage>): Promise<LogPage> {
    const page = await before;
    return page.end && page.full ? this.read(page.end) : page;
  }
}
