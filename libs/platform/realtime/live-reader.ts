import { setImmediate as immediate } from 'node:timers/promises';

import { compareCursors, type LogCursor } from '../event-log/cursor.js';
import type { LogReader } from '../event-log/log-reader.js';
import type { LiveStream } from './live-stream.js';
import type { LiveViews, Telling } from './live-views.js';
import type { After, SettledCommand, SettledCommandQueries, SettledPage } from './settled-commands.queries.js';
import type { LostPlace, Place } from './stream-places.js';
import type { Streams } from './streams.js';

export interface ReaderParts {
  readonly commands: Pick<SettledCommandQueries, 'page'>;
  readonly log: Pick<LogReader, 'end' | 'ofTypes'>;
  readonly views: LiveViews;
  readonly streams: Streams;
}

/**
 * A command's row bears the time at which its transaction began, and is visible when that has committed: so the past is
 * read again, the last second always, and all that a transaction may take now and then. In milliseconds.
 */
const again = { always: 1_000, sometimes: 15_000, every: 3_000 };
/** Rows that are read at a time. */
const page = { commands: 1_000, events: 2_000 };
/** What a client that comes back is told: of each kind, in bytes, and how many events are looked through for it. */
const most = { told: 1_000, bytes: 512 * 1024, looked: 20_000 };

interface Missed {
  readonly commands: readonly SettledCommand[];
  readonly events: readonly { readonly tellings: readonly Telling[]; readonly cursor: LogCursor }[];
}

/** Reads for all streams of a process at once, and lets each have what is its user's. One thing at a time. */
export class LiveReader {
  #last: Promise<unknown> = Promise.resolve();
  #here: Place | undefined;
  #thorough = 0;

  constructor(private readonly parts: ReaderParts) {}

  /** Reads what is new, and tells those whom it concerns. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#begun();
      await this.#lookForOutcomes();
      await this.#lookForEvents();
    });
  }

  /** Tells a stream what its user has missed since a place, if that is known; from then on it is told what is new. */
  join(stream: LiveStream, since: Place | LostPlace | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const here = await this.#begun();
      const place = typeof since === 'object' ? since : undefined;
      const missed = place && (await this.#missed(stream.userId, place, here));
      const before = missed ? [] : (await this.#settled(stream.userId, here)).commands;
      stream.begin(place && missed ? place : here);
      if (since && !missed) stream.reset(typeof since === 'string' ? since : 'too_much');
      for (const command of before) stream.passOver(command);
      for (const command of missed?.commands ?? []) stream.tellOutcome(command);
      for (const { tellings, cursor } of missed?.events ?? []) stream.tellEvent(tellings, cursor);
      stream.outcomesTold(here.settled, here.settled - again.sometimes);
      stream.eventsTold(here.cursor);
    });
  }

  /** Nobody listens: it begins anew with whoever comes next. */
  rest(): void {
    this.#here = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #begun(): Promise<Place> {
    if (this.#here) return this.#here;
    const { commands, log } = this.parts;
    const { at } = await commands.page([], from(Date.now()), 1);
    return (this.#here = { settled: at.getTime(), cursor: await log.end() });
  }

  async #lookForOutcomes(): Promise<void> {
    const here = this.#here as Place;
    const thorough = here.settled - this.#thorough >= again.every;
    const authors = [...new Set(this.parts.streams.following.map(({ userId }) => userId))];
    const since = here.settled - (thorough ? again.sometimes : again.always);
    let settled: number | undefined;
    for await (const { at, commands } of this.#pages(authors, since)) {
      for (const stream of this.parts.streams.following) stream.more();
      settled ??= at.getTime();
      for (const command of commands)
        for (const stream of this.parts.streams.of(command.author)) stream.tellOutcome(command);
    }
    if (settled === undefined) return;
    if (thorough) this.#thorough = settled;
    this.#here = { ...here, settled };
    for (const stream of this.parts.streams.following) stream.outcomesTold(settled, settled - again.sometimes);
  }

  async *#pages(authors: readonly string[], since: number): AsyncGenerator<SettledPage> {
    for (let after: After | undefined = from(since); after;) {
      const found = await this.parts.commands.page(authors, after, page.commands);
      yield found;
      after = found.commands.length === page.commands ? found.commands.at(-1) : undefined;
      // Who reads gets the time to take it.
      if (after) await immediate();
    }
  }

  async #lookForEvents(): Promise<void> {
    const { log, views, streams } = this.parts;
    if (views.types.length === 0) return this.#eventsTold(await log.end());
    for (let more = true; more;) {
      const found = await log.ofTypes((this.#here as Place).cursor, page.events, views.types);
      for (const stream of streams.following) stream.more();
      for (const event of found.events)
        for (const [user, tellings] of await views.tellings(event, (userId) => streams.of(userId).length > 0))
          for (const stream of streams.of(user)) stream.tellEvent(tellings, event.cursor);
      this.#eventsTold(found.cursor);
      more = found.full;
    }
  }

  #eventsTold(cursor: LogCursor): void {
    this.#here = { ...(this.#here as Place), cursor };
    for (const stream of this.parts.streams.following) stream.eventsTold(cursor);
  }

  /** Undefined when it is too much to be told again. */
  async #missed(userId: string, since: Place, here: Place): Promise<Missed | undefined> {
    const { commands } = await this.#settled(userId, since);
    if (commands.length > most.told) return undefined;
    const events = await this.#missedEvents(userId, since.cursor, here.cursor);
    const missed = events && { commands, events };
    return JSON.stringify(missed ?? '').length > most.bytes ? undefined : missed;
  }

  /** What may be told from that place on, one more at most than is told. */
  #settled(userId: string, { settled }: Place): Promise<SettledPage> {
    return this.parts.commands.page([userId], from(settled - again.sometimes), most.told + 1);
  }

  async #missedEvents(userId: string, since: LogCursor, until: LogCursor): Promise<Missed['events'] | undefined> {
    const { log, views } = this.parts;
    const missed: Missed['events'][number][] = [];
    let cursor = since;
    for (let looked = 0; compareCursors(cursor, until) < 0;) {
      const found = await log.ofTypes(cursor, page.events, views.types);
      for (const event of found.events.filter((one) => compareCursors(one.cursor, until) <= 0)) {
        const tellings = (await views.tellings(event, (other) => other === userId)).get(userId);
        if (tellings) missed.push({ tellings, cursor: event.cursor });
      }
      looked += found.looked;
      if (looked > most.looked || missed.length > most.told) return undefined;
      if (!found.full) break;
      cursor = found.cursor;
    }
    return missed;
  }
}

/** All that was settled at that time or later. */
const from = (time: number): After => ({
  settled: new Date(time).toISOString(),
  id: '00000000-0000-0000-0000-000000000000',
});
