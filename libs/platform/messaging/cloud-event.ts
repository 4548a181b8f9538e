import { derivedId } from '#kernel';

import { cursorOf, cursorText, type LogCursor } from '../event-log/cursor.js';
import type { LoggedEvent } from '../event-log/log-reader.js';
import { Keyring, sameSignature } from './keyring.js';

/**
 * A public event on the broker: a CloudEvent 1.0 in structured mode. `source` is `/contextflow/<context>`, `subject` the
 * stream's id, `sequence` its version (the sequence extension); `correlationid` and `causationid` (the command's id) lead
 * to where it came from.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: string;
  readonly streamtype: string;
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid: string;
  readonly traceparent?: string;
  readonly data: Record<string, unknown>;
}

/** A CloudEvent as a message, signed so that nobody but a relay can have a policy act. */
export interface EventMessage {
  readonly id: string;
  readonly type: string;
  readonly correlationId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of the event, which carries it itself. */
  readonly traceParent?: string;
}

export const cloudEventType = 'application/cloudevents+json';

/**
 * An event's id follows from its place in its stream. In a log that was restored to an earlier time, another event may come
 * to stand in a place that subscribers have seen taken: there the era belongs to the place.
 */
export const eventId = (streamType: string, streamId: string, version: number, era = 1): string =>
  era > 1 ? derivedId(streamType, streamId, version, era) : derivedId(streamType, streamId, version);

export function cloudEvent({
  stream_type,
  stream_id,
  version,
  type,
  data,
  metadata,
  occurred_at,
  cursor,
}: LoggedEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: eventId(stream_type, stream_id, version, cursor.era),
    source: `/contextflow/${stream_type.split('.', 1)[0]}`,
    type,
    subject: stream_id,
    time: occurred_at.toISOString(),
    datacontenttype: 'application/json',
    sequence: String(version),
    streamtype: stream_type,
    actor: metadata.actor,
    correlationid: metadata.correlation_id,
    causationid: metadata.command_id,
    traceparent: metadata.trace_parent,
    data,
  };
}

/** An event that has arrived, and up to where everything in the log had been published before it. */
export interface ArrivedEvent {
  readonly event: CloudEvent;
  readonly cursor: LogCursor;
}

/** Signs and verifies events with the keys of envelopes: HMAC-SHA-256 over the place in the log and the body. */
export class EventSeal {
  readonly #keys: Keyring;

  /** @param keys `id:secret[,id:secret …]`: the first signs, all verify */
  constructor(keys: string) {
    this.#keys = new Keyring(keys);
  }

  seal(event: CloudEvent, cursor: LogCursor): EventMessage {
    const body = Buffer.from(JSON.stringify(event));
    const place = cursorText(cursor);
    const headers = {
      'log-cursor': place,
      'key-id': this.#keys.signingKey,
      signature: this.#sign(place, body, this.#keys.signingKey)?.toString('base64url') as string,
    };
    return {
      id: event.id,
      type: event.type,
      correlationId: event.correlationid,
      headers,
      body,
      traceParent: event.traceparent,
    };
  }

  /** @returns why it is not to be believed, or the event */
  open(headers: Readonly<Record<string, string>>, body: Buffer): ArrivedEvent | 'malformed' | 'signature_invalid' {
    const { 'log-cursor': place, 'key-id': keyId, signature } = headers;
    const cursor = cursorOf(place ?? '');
    if (!place || !cursor || !keyId || !signature) return 'malformed';
    const expected = this.#sign(place, body, keyId);
    if (!expected || !sameSignature(signature, expected)) return 'signature_invalid';
    return { event: JSON.parse(body.toString('utf8')) as CloudEvent, cursor };
  }

  #sign(place: string, body: Buffer, keyId: string): Buffer | undefined {
    return this.#keys.sign(keyId, `event ${place} `, body);
  }
}
