import { currentName, type LogMeta } from '#kernel';

import { eventId } from '../messaging/cloud-event.js';
import type { LogCursor } from './cursor.js';
import type { LoggedEvent } from './log-reader.js';
import { revivedEvent } from './recorded-event.js';

/** An event as it comes: by place, since a name for each value costs more than the value. */
export type SharedRow = readonly [
  era: number,
  xid: string,
  position: string,
  streamType: string,
  streamId: string,
  version: number,
  type: string,
  occurred: number,
  metadata: LoggedEvent['metadata'],
  data: Record<string, unknown>,
  bytes: number,
];

/** An event of the log that several readers look at: whatever one of them makes of it is there for the others. */
export class SharedEvent implements LogMeta {
  readonly cursor: LogCursor;
  readonly occurredAt: Date;
  /** Its data with nothing confidential left sealed, once somebody has opened it. */
  opened: Record<string, unknown> | undefined;
  #id: string | undefined;
  #read: object | undefined;

  constructor(private readonly row: SharedRow) {
    const [era, xid, position, , , , , occurred] = row;
    this.cursor = { era, xid, position };
    this.occurredAt = new Date(occurred);
  }

  get streamType(): string {
    return this.row[3];
  }

  get streamId(): string {
    return this.row[4];
  }

  get version(): number {
    return this.row[5];
  }

  /** Wire name, as it was stored. */
  get storedType(): string {
    return this.row[6];
  }

  get type(): string {
    return currentName(this.row[6]);
  }

  get metadata(): LoggedEvent['metadata'] {
    return this.row[8];
  }

  get actor(): string {
    return this.metadata.actor;
  }

  /** As the log holds it. */
  get sealed(): Record<string, unknown> {
    return this.row[9];
  }

  /** Of its data in the log. */
  get bytes(): number {
    return this.row[10];
  }

  get id(): string {
    return (this.#id ??= eventId(this.streamType, this.streamId, this.version, this.cursor.era));
  }

  get meta(): LogMeta {
    return this;
  }

  /**
   * As folds see it, once it is open.
   * @throws Error naming an event type that this release does not know
   */
  read(): object {
    return (this.#read ??= revivedEvent(this.storedType, this.opened ?? this.sealed));
  }

  /** As it is told, once it is open. */
  get logged(): LoggedEvent {
    const { cursor, streamType: stream_type, streamId: stream_id, version, storedType: type, metadata } = this;
    const data = this.opened ?? this.sealed;
    return { cursor, stream_type, stream_id, version, type, data, metadata, occurred_at: this.occurredAt };
  }
}
