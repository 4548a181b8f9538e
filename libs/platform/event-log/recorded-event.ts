import { eventNamed, type EventType } from '#kernel';

/** An event as the log holds it. */
export interface EventRow {
  readonly version: number;
  /** Wire name. */
  readonly type: string;
  /** Wire form. */
  readonly data: Record<string, unknown>;
  readonly actor: string;
  readonly occurred_at: Date;
}

/** @throws Error naming an event type that this release does not know */
export function knownEvent(name: string): EventType['type'] {
  const known = eventNamed(name);
  if (!known)
    throw new Error(`the log holds ${name}, which this release does not know: deploy the release that wrote it`);
  return known.type;
}
