import { isDeepStrictEqual } from 'node:util';

import { decode, eventNamed, eventType, toWire, type Class } from '#kernel';

/** What happened to a stream, as the log keeps it. */
export interface LogEntry {
  readonly streamType: string;
  readonly streamId: string;
  readonly version: number;
  /** Wire name. */
  readonly type: string;
  /** JSON text of the wire form. */
  readonly data: string;
  readonly actor: string;
  readonly occurredAt: Date;
}

/** Streams of events in memory, in the order in which they were appended. */
export class InMemoryLog {
  #entries: LogEntry[] = [];

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  stream(streamType: string, id: string): readonly LogEntry[] {
    return this.#entries.filter((entry) => entry.streamType === streamType && entry.streamId === id);
  }

  /** Version of the stream. 0: it does not exist. */
  version(streamType: string, id: string): number {
    return this.stream(streamType, id).at(-1)?.version ?? 0;
  }

  append(entries: readonly LogEntry[]): void {
    this.#entries.push(...entries);
  }

  clear(): void {
    this.#entries = [];
  }
}

/**
 * The entry that keeps an event.
 * @throws Error when the event would come back as another one, or not at all
 */
export function entryOf(event: object, where: Omit<LogEntry, 'type' | 'data'>): LogEntry {
  const { type, name } = eventType(event.constructor);
  const data = JSON.stringify(toWire(event));
  const returned = read(type, data);
  const changed = Object.keys({ ...event, ...returned }).filter(
    (field) => !isDeepStrictEqual(event[field as keyof object], returned[field as keyof object]),
  );
  if (changed.length > 0)
    throw new Error(`${type.name} loses ${changed.join(', ')} on the wire: give it a type that JSON can carry`);
  return { ...where, type: name, data };
}

/** The event that an entry keeps. */
export function eventOf({ type, data }: LogEntry): object {
  const known = eventNamed(type);
  if (!known) throw new Error(`the log holds ${type}, which nothing here declares: import the contract that does`);
  return read(known.type, data);
}

function read(type: Class<object>, data: string): object {
  try {
    return decode(type, JSON.parse(data));
  } catch (error) {
    throw new Error(`${type.name} breaks the rules of its own fields: ${(error as Error).message}`, { cause: error });
  }
}
