import type { Class } from './message.js';

/** What a fold may know of an event besides its data. Always the same for the same log. */
export interface EventMeta {
  /** Version of the stream after the event: 1, 2, 3 … */
  readonly version: number;
  readonly occurredAt: Date;
  /** Id of the user, or the name of the policy, whose command caused it. */
  readonly actor: string;
}

export interface Reaction<S> {
  readonly type: Class<object>;
  readonly apply: (state: S, event: never, meta: EventMeta) => S | null;
}

/** A pure function from a state and the next event to the next state; `null` is the state before the first event and after the end. */
export interface Fold<S> {
  apply(state: S | null, event: object, meta: EventMeta): S | null;
  /** The event classes that it reacts to. */
  readonly types: readonly Class<object>[];
  /** It reacts to every public event, whatever its class. */
  readonly every?: boolean;
}

export function on<S, E extends object>(
  type: Class<E>,
  apply: (state: S, event: E, meta: EventMeta) => NoInfer<S> | null,
): Reaction<S> {
  return { type, apply };
}

/** An event without a reaction leaves the state as it is. */
export function fold<S>(...reactions: Reaction<S>[]): Fold<S> {
  const byType = new Map<unknown, Reaction<S>['apply']>(reactions.map(({ type, apply }) => [type, apply]));
  return {
    types: reactions.map(({ type }) => type),
    apply(state, event, meta) {
      const apply = byType.get(event.constructor);
      return apply ? apply(state as S, event as never, meta) : state;
    },
  };
}

/**
 * Reacts to every public event, of all contexts and of any version, also to those that this release does not know. It sees
 * an event's data as the log holds it: in the wire's names, and with what is confidential still sealed.
 */
export const everyEvent = <S, Meta extends EventMeta>(
  apply: (state: S | null, data: Readonly<Record<string, unknown>>, meta: Meta) => S | null,
): Fold<S> => ({
  types: [],
  every: true,
  apply: (state, event, meta) => apply(state, event as Readonly<Record<string, unknown>>, meta as Meta),
});
