import { AsyncLocalStorage } from 'node:async_hooks';

import { Actor, Clock, commandNamed, Deadline, type Aggregate, type AggregateType, type Snapshot } from '#kernel';

import type { Envelope } from '../messaging/envelope.js';
import type { Outcome } from '../messaging/outcome.js';
import type { Rejection } from '../messaging/rejection.js';

/** The stream that a unit of work is about, as it was when the outcome was decided. */
export interface Stream {
  readonly type: AggregateType<Aggregate<object>>;
  readonly id: string;
  readonly version: number;
  /** Of its last event; undefined while there is none. */
  readonly occurredAt: Date | undefined;
}

/** A handler worked outside its rights: on a second stream, on another lane's stream, or after its end. */
export class UnitOfWorkMisuse extends Error {}

/** One run of one command's handler, from load to the end that it decided on. */
export class UnitOfWork {
  stream: Stream | undefined;
  events: readonly object[] = [];
  /** State after the events, for the cache. */
  after: Snapshot<object> | undefined;
  rejection: Rejection | undefined;
  /** Aborts when the time of a handler that reaches outside is over. */
  signal: AbortSignal | undefined;
  #closed = false;

  constructor(
    readonly envelope: Envelope,
    /** Not the first run of its command: what was assumed before may not be so. */
    readonly again: boolean,
    /** Which attempt it is, from 1. */
    readonly attempts: number,
  ) {}

  /** The acceptance time, never before the stream's last event. */
  get now(): Date {
    const { acceptedAt } = this.envelope;
    const last = this.stream?.occurredAt;
    return last && last > acceptedAt ? last : acceptedAt;
  }

  /** The end that was decided on. */
  get outcome(): Outcome {
    if (this.rejection) return { status: 'rejected', problem: this.rejection, result: null };
    const { stream, events, envelope } = this;
    const begins = stream?.version === 0 || commandNamed(envelope.type)?.makes === true;
    const result = stream && {
      version: stream.version + events.length,
      created: begins && events.length > 0,
    };
    return { status: 'succeeded', problem: null, result: result ?? null };
  }

  /** Checks that the command may work on that stream. */
  claim(type: AggregateType<Aggregate<object>>, id: string): void {
    if (this.#closed) throw new UnitOfWorkMisuse(`${this.envelope.type} used its repository after it had ended`);
    if (id !== this.envelope.lane)
      throw new UnitOfWorkMisuse(
        `${this.envelope.type} reached for ${type.streamType} ${id} outside its lane ${this.envelope.lane}`,
      );
    if (this.stream && (this.stream.type !== type || this.stream.id !== id))
      throw new UnitOfWorkMisuse(
        `${this.envelope.type} works on two aggregates: give one of them a command of its own`,
      );
  }

  save(aggregate: Aggregate<object>): void {
    if (this.#closed) throw new UnitOfWorkMisuse(`${this.envelope.type} saved after it had ended`);
    if (this.stream?.id !== aggregate.id || this.stream.type !== aggregate.constructor)
      throw new UnitOfWorkMisuse(`${this.envelope.type} saved what it had not loaded`);
    this.events = [...aggregate.recorded];
    this.after = aggregate.snapshot;
  }

  close(): void {
    this.#closed = true;
  }
}

export const currentUnit = new AsyncLocalStorage<UnitOfWork>();

function unit(): UnitOfWork {
  const current = currentUnit.getStore();
  if (!current) throw new UnitOfWorkMisuse('there is no unit of work here: only a command handler has one');
  return current;
}

/** @throws UnitOfWorkMisuse outside a command handler */
export const unitOfWork = unit;

export class UnitOfWorkClock extends Clock {
  now(): Date {
    return unit().now;
  }
}

export class UnitOfWorkActor extends Actor {
  get id(): string {
    return unit().envelope.author;
  }
  get roles(): readonly string[] {
    return unit().envelope.roles;
  }
}

export class UnitOfWorkDeadline extends Deadline {
  get signal(): AbortSignal {
    const { signal, envelope } = unit();
    if (!signal)
      throw new UnitOfWorkMisuse(`${envelope.type} has no deadline: decorate its handler with @ReachesOutside`);
    return signal;
  }
}
