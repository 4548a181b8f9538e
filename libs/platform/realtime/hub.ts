import { setTimeout as delay } from 'node:timers/promises';

import { Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';

import type { VerifiedToken } from '../auth/authenticated-user.js';
import { isInfrastructure } from '../database/errors.js';
import { Problem } from '../http/problem.js';
import type { AlarmClock } from '../resilience/alarm-clock.js';
import { atMost } from '../resilience/at-most.js';
import { LiveReader, type ReaderParts } from './live-reader.js';
import { LiveStream, type Carrier } from './live-stream.js';
import type { StreamMetrics } from './stream-metrics.js';
import type { StreamPlaces } from './stream-places.js';
import { Streams, type StreamLimits } from './streams.js';

/** Wakes the hub when events were appended; there is one for each time that anybody listens. */
export interface Bell extends Pick<AlarmClock, 'rung' | 'wake' | 'within'> {
  close(): Promise<void>;
}

export interface HubParts extends Omit<ReaderParts, 'streams'> {
  readonly places: StreamPlaces;
  readonly isRevoked: (token: VerifiedToken) => boolean;
  readonly bell: () => Bell;
  readonly metrics: Pick<StreamMetrics, 'opened' | 'ended'>;
}

/** In milliseconds. */
export interface HubTimes {
  /** Between two looks, at least and at most. */
  readonly pause: { readonly least: number; readonly most: number };
  /** After a look that failed. */
  readonly trouble: number;
  /** A stream says something at least so often. */
  readonly heartbeat: number;
  /** How often tokens are looked at. */
  readonly tick: number;
  /** How long a client may leave much waiting when there is more to say. */
  readonly patience: number;
  /** What is left to take the last words of a stream. */
  readonly farewell: number;
  /** The same when the API ends: shorter than it waits before it closes. */
  readonly lastFarewell: number;
}

const limits: StreamLimits = { user: 5, all: 1_000 };
const usual: HubTimes = {
  pause: { least: 100, most: 250 },
  trouble: 1_000,
  heartbeat: 15_000,
  tick: 1_000,
  patience: 5_000,
  farewell: 5_000,
  lastFarewell: 300,
};
/** For the look that is under way when the API ends. */
const lastLook = 2_000;

/** The streams of this process, and what they are told. It asks nothing of the database while nobody listens. */
export class Hub implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #log = new Logger(Hub.name);
  readonly #streams: Streams;
  readonly #reader: LiveReader;
  #following: Promise<void> | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #bell: Bell | undefined;
  #closing = false;

  constructor(
    private readonly parts: HubParts,
    private readonly times = usual,
    most = limits,
  ) {
    this.#streams = new Streams(most);
    this.#reader = new LiveReader({ ...parts, streams: this.#streams });
  }

  /**
   * Opens a stream for whoever has the token. What happens from then on is told in it.
   * @param carrier the answer to the request for it
   * @param lastId the id of the last event that its client has got, to be told what came after it
   * @throws Problem 429 `too_many_streams`, 503 `closing`
   * @throws DatabaseUnavailable
   */
  async open(token: VerifiedToken, carrier: Carrier, lastId?: string): Promise<LiveStream> {
    if (this.#closing) throw closing();
    const { places, metrics } = this.parts;
    const stream = new LiveStream(token, places, this.times.patience);
    this.#streams.add(stream);
    stream.carriedBy(carrier);
    metrics.opened();
    const began = performance.now();
    void stream.gone.then(() => this.#left(stream, began));
    try {
      await this.#reader.join(stream, lastId === undefined ? undefined : places.placeOf(token.id, lastId));
    } catch (error) {
      // The carrier has another answer to carry.
      if (this.#streams.remove(stream)) metrics.ended('left');
      throw error;
    }
    this.#follow();
    // The end has begun meanwhile, and the others have been told.
    if (this.#closing) stream.close();
    return stream;
  }

  /** The end of the API begins. Its clients come back, to another instance, each after a time of its own. */
  onModuleDestroy(): void {
    this.#closing = true;
    for (const stream of this.#streams.following) stream.close();
  }

  /** Whoever has not taken the last words by now would hold up the end. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.#streams.size > 0) await delay(this.times.lastFarewell);
    for (const stream of this.#streams) stream.drop('closing');
    this.#bell?.wake();
    await atMost(lastLook, this.#following);
  }

  #left(stream: LiveStream, began: number): void {
    if (!this.#streams.remove(stream)) return;
    const reason = stream.end;
    this.parts.metrics.ended(reason);
    this.#log.log({
      message: 'a stream has ended',
      reason,
      user_id: stream.userId,
      duration_ms: Math.round(performance.now() - began),
    });
  }

  #follow(): void {
    if (this.#following) return;
    this.#ticking = setInterval(() => this.#tick(), this.times.tick);
    this.#following = this.#run().finally(() => {
      clearInterval(this.#ticking);
      this.#following = undefined;
      // Somebody may have come while it was ending.
      if (this.#streams.size > 0 && !this.#closing) this.#follow();
    });
  }

  async #run(): Promise<void> {
    const { pause, trouble } = this.times;
    const bell = (this.#bell = this.parts.bell());
    try {
      while (this.#streams.size > 0) {
        const heard = bell.rung;
        const well = await this.#look();
        await delay(well ? pause.least : trouble);
        if (well && this.#streams.size > 0) await bell.within(pause.most - pause.least, heard);
      }
    } finally {
      this.#reader.rest();
      await bell.close();
    }
  }

  /** Whoever listens goes on listening: what cannot be read now is told later. */
  async #look(): Promise<boolean> {
    try {
      await this.#reader.look();
      return true;
    } catch (error) {
      if (!isInfrastructure(error))
        this.#log.error({
          message: 'streams cannot be told what happens',
          error: String(error),
          stack: (error as Error).stack,
        });
      return false;
    }
  }

  #tick(): void {
    const now = Date.now();
    for (const stream of this.#streams) {
      if (!stream.open && now - stream.spoke > this.times.farewell) stream.drop('left');
      if (!stream.follows) continue;
      if (stream.token.exp * 1_000 <= now) stream.expire('expired');
      else if (this.parts.isRevoked(stream.token)) stream.expire('revoked');
      else if (now - stream.spoke >= this.times.heartbeat) stream.beat();
    }
  }
}

const closing = (): Problem =>
  new Problem({
    code: 'UNAVAILABLE',
    reason: 'closing',
    detail: 'this instance of the API is ending: come back in a moment',
    headers: { 'Retry-After': '1' },
  });
