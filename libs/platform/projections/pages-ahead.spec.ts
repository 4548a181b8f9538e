import { describe, expect, it } from '@jest/globals';

import { beginning, type LogCursor } from '../event-log/cursor.js';
import type { LogPage } from './log-pages.js';
import { PagesAhead } from './pages-ahead.js';

/** A log of so many events, read ten at a time. */
class ShortLog {
  readonly asked: number[] = [];
  events: number;

  constructor(events: number) {
    this.events = events;
  }

  readonly pages = new PagesAhead((after) => this.#read(after), beginning);

  async #read({ position }: LogCursor): Promise<LogPage> {
    const from = Number(position);
    this.asked.push(from);
    const scanned = Math.min(10, this.events - from);
    if (scanned === 0) return { events: [], scanned, end: undefined, full: false };
    const end = { era: 1, xid: '1', position: String(from + scanned) };
    return { events: [], scanned, end, full: scanned === 10 };
  }

  async next(): Promise<string | undefined> {
    return (await this.pages.next()).end?.position;
  }
}

describe('Pages of the log that are read ahead', () => {
  it('come one after the other, each once, and then what has been added', async () => {
    const log = new ShortLog(45);
    const seen = [];
    for (let n = 0; n < 5; n++) seen.push(await log.next());
    expect(seen).toEqual(['10', '20', '30', '40', '45']);
    expect(await log.next()).toBeUndefined();
    log.events = 60;
    expect([await log.next(), await log.next(), await log.next()]).toEqual(['55', '60', undefined]);
  });

  it('are asked for before they are needed, but not beyond the end', async () => {
    const log = new ShortLog(35);
    await log.next();
    await new Promise(setImmediate);
    expect(log.asked).toEqual([0, 10, 20]);
    await log.next();
    await log.next();
    await log.next();
    expect(log.asked).toEqual([0, 10, 20, 30]);
  });

  it('tell a failure to whoever asks, and are read again afterwards', async () => {
    const failures = [new Error('no connection')];
    const pages = new PagesAhead(async () => {
      const failure = failures.pop();
      if (failure) throw failure;
      return { events: [], scanned: 0, end: undefined, full: false };
    }, beginning);
    await expect(pages.next()).rejects.toThrow('no connection');
    expect(await pages.next()).toMatchObject({ scanned: 0 });
  });
});
