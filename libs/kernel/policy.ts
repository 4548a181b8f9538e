import type { EventMeta } from './fold.js';
import type { Class } from './message.js';

/** What a policy may know of an event besides its data. */
export interface PolicyMeta extends EventMeta {
  readonly eventId: string;
}

/** What a policy wants to have done. */
export type Consequence =
  | { readonly kind: 'send'; readonly command: object; readonly target: string | undefined }
  | { readonly kind: 'schedule'; readonly command: object; readonly at: Date; readonly target: string | undefined }
  | { readonly kind: 'unschedule'; readonly type: Class<object>; readonly lane: string };

/**
 * Sends a command.
 * @param target tells it from the policy's other commands for the same event; needed where two of them share a lane
 */
export const send = (command: object, target?: string): Consequence => ({ kind: 'send', command, target });

/** Sends a command at a time, instead of those of its class and lane that are scheduled by now. */
export const schedule = (command: object, at: Date, target?: string): Consequence => ({
  kind: 'schedule',
  command,
  at,
  target,
});

/** Cancels what is scheduled of a class of commands for a lane. What has been sent already is too late to cancel. */
export const unschedule = (type: Class<object>, lane: string): Consequence => ({ kind: 'unschedule', type, lane });

export interface PolicyType {
  /** Literal `<context>.<what_it_does>`: part of the ids of the commands that it sends, so it never changes. */
  readonly name: string;
  readonly event: Class<object>;
  /** The port that it asks for rows of its own context, if it needs any. */
  readonly from: (abstract new (...args: never[]) => object) | undefined;
  readonly rows: (port: never, event: never) => Promise<unknown>;
  readonly then: (event: never, rows: never, meta: PolicyMeta) => readonly Consequence[];
}

/**
 * Declares what follows from an event: a pure function from the event, and rows of the policy's own context, to commands.
 * It is run at least once for each event, and its commands are applied once: their ids follow from the event, the policy
 * and the target. Events of one stream come one after the other, in order.
 *
 * What belongs together has one name, whatever the event: one that cannot be handled holds back the later events of its
 * stream for all policies of the name.
 * @param reaction `from` is the port that `rows` asks
 */
export function policy<E extends object, Port extends object = never, Rows = undefined>(
  name: string,
  event: Class<E>,
  reaction: {
    readonly from?: abstract new (...args: never[]) => Port;
    readonly rows?: (port: Port, event: E) => Promise<Rows>;
    readonly then: (event: E, rows: Rows, meta: PolicyMeta) => readonly Consequence[];
  },
): PolicyType {
  if (!/^[a-z_]+\.[a-z_]+$/.test(name))
    throw new TypeError(`"${name}" is no policy name: use <context>.<what_it_does>`);
  const { from, rows = async () => undefined, then } = reaction;
  return { name, event, from, rows, then };
}
