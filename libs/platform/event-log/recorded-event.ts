import { eventNamed, revive, upcast } from '#kernel';

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

/**
 * A stored event as this release understands it: brought to its newest version.
 * @throws Error naming an event type that this release does not know
 */
export function revivedEvent(name: string, stored: Readonly<Record<string, unknown>>): object {
  const { type, data } = upcast(name, stored);
  const known = eventNamed(type);
  if (!known)
    throw new Error(`the log holds ${name}, which this release does not know: deploy the release that wrote it`);
  return revive(known.type, data);
}
