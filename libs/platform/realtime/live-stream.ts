import { Readable, type Writable } from 'node:stream';

import type { VerifiedToken } from '../auth/authenticated-user.js';
import { shownCommand } from '../commands/shown-command.js';
import { compareCursors, type LogCursor } from '../event-log/cursor.js';
import { farewell, frame, heartbeat, opening } from './frames.js';
import type { Telling } from './live-views.js';
import type { SettledCommand } from './settled-commands.queries.js';
import type { LostPlace, Place, StreamPlaces } from './stream-places.js';

/** `left`: its reader has gone, or the connection to them. */
export type StreamEnd = 'left' | 'slow' | 'expired' | 'revoked' | 'closing';

/** Bytes that a client may leave waiting for as long as it likes, and those that it may not for a moment. */
const mostWaiting = { long: 64 * 1024, ever: 1024 * 1024 };
/** When to come back after an end, in milliseconds. */
const retry = 2_000;
/** A deploy sends all away at once: they come back one after the other. */
const jitter = 3_000;

const lost: Readonly<Record<LostPlace | 'too_much', string>> = {
  unknown: 'the Last-Event-ID is none that was given to you: read again what you show',
  too_old: 'the Last-Event-ID is older than 5 minutes: read again what you show',
  too_much: 'more has happened since the Last-Event-ID than is told again: read again what you show',
};

/** The answer that a stream is sent as. */
export type Carrier = Pick<Writable, 'destroy' | 'destroyed' | 'writableLength'> & {
  once(event: 'close', heard: () => void): unknown;
};

/** What one client is told: the text goes into `body`, where it waits for them. */
export class LiveStream {
  readonly body = new Readable({ read: () => undefined });
  readonly #gone = Promise.withResolvers<void>();
  #carrier: Carrier | undefined;
  readonly #told = new Map<string, number>();
  #place: Place | undefined;
  #end: StreamEnd = 'left';
  #spoke = 0;
  #behindSince: number | undefined;
  #tooSlow = false;

  constructor(
    readonly token: VerifiedToken,
    private readonly places: StreamPlaces,
    /** How long its client may leave much waiting when there is more to say, in milliseconds. */
    private readonly patience: number,
  ) {}

  get userId(): string {
    return this.token.id;
  }

  /** It has begun to follow, and has not ended. */
  get follows(): boolean {
    return this.#place !== undefined && this.open;
  }

  /** Something may still be said. */
  get open(): boolean {
    return !this.body.destroyed && this.#end === 'left';
  }

  /** Resolves when its connection carries it no more. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Why it has ended, once it has. */
  get end(): StreamEnd {
    return this.#end;
  }

  /** Bytes that the client has not taken yet. */
  get waiting(): number {
    return this.body.readableLength + (this.#carrier?.writableLength ?? 0);
  }

  /** When it last said something, in milliseconds. */
  get spoke(): number {
    return this.#spoke;
  }

  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
    if (carrier.destroyed) this.#gone.resolve();
    else carrier.once('close', this.#gone.resolve);
  }

  begin(place: Place): void {
    this.#place = place;
    this.#write(opening(this.#id(place), retry));
  }

  /** What is told from here on has a hole before it. */
  reset(reason: keyof typeof lost): void {
    this.#write(frame('reset', { reason, detail: lost[reason] }, this.#id(this.#here)));
  }

  /** More is being read: what was said before, the client has had the time to take. */
  more(): void {
    const { waiting } = this;
    const now = Date.now();
    this.#behindSince = waiting > mostWaiting.long ? (this.#behindSince ?? now) : undefined;
    this.#tooSlow = waiting > mostWaiting.ever || now - (this.#behindSince ?? now) > this.patience;
  }

  /** It is known, or was settled before anybody listened. */
  passOver({ id, settled_at }: SettledCommand): void {
    this.#told.set(id, settled_at.getTime());
  }

  /** Once, however often it is read. */
  tellOutcome({ id, correlation_id, ...command }: SettledCommand): void {
    if (this.#told.has(id)) return;
    const settled = command.settled_at.getTime();
    this.#told.set(id, settled);
    this.#write(frame('command', shownCommand(id, command, correlation_id), this.#id({ ...this.#here, settled })));
  }

  /** All outcomes until then have been told. Those settled since `again` may be read once more. */
  outcomesTold(until: number, again: number): void {
    this.#place = { ...this.#here, settled: Math.max(until, this.#here.settled) };
    for (const [id, settled] of this.#told) if (settled < again) this.#told.delete(id);
  }

  /** @param tellings all that there is to tell of the event there */
  tellEvent(tellings: readonly Telling[], cursor: LogCursor): void {
    const before = this.#here;
    if (compareCursors(cursor, before.cursor) <= 0) return;
    this.#place = { ...before, cursor };
    // Who leaves between two of them is told of the event again.
    for (const [at, { name, data }] of tellings.entries())
      this.#write(frame(name, data, this.#id(at === tellings.length - 1 ? this.#place : before)));
  }

  eventsTold(until: LogCursor): void {
    if (compareCursors(until, this.#here.cursor) > 0) this.#place = { ...this.#here, cursor: until };
  }

  beat(): void {
    this.more();
    this.#write(heartbeat(this.#id(this.#here)));
  }

  /** The token is good for nothing any more. */
  expire(end: 'expired' | 'revoked'): void {
    const reason = end === 'expired' ? 'token_expired' : 'token_revoked';
    const detail = 'the access token is not valid any more: get another, and open the stream with it';
    this.#close(end, frame('expired', { reason, detail }, this.#id(this.#here)));
  }

  /** The server ends. */
  close(): void {
    this.#close('closing', farewell(this.#id(this.#here), Math.round(retry / 4 + Math.random() * jitter)));
  }

  /** Ends it at once, with its connection, whatever waits in it. */
  drop(end: StreamEnd): void {
    if (this.open) this.#end = end;
    this.body.destroy();
    this.#carrier?.destroy();
    this.#gone.resolve();
  }

  get #here(): Place {
    if (!this.#place) throw new Error('the stream has not begun');
    return this.#place;
  }

  #id(place: Place): string {
    return this.places.idOf(this.userId, place);
  }

  #close(end: StreamEnd, last: string): void {
    if (!this.open) return;
    this.#say(last);
    this.#end = end;
    this.body.push(null);
  }

  #write(text: string): void {
    if (!this.open) return;
    if (this.#tooSlow) this.drop('slow');
    else this.#say(text);
  }

  #say(text: string): void {
    this.#spoke = Date.now();
    this.body.push(text);
  }
}
