/** What a handler that reaches outside promises. */
export interface Reach {
  /** It ends within so many milliseconds; later, what it does is a failed attempt. */
  readonly deadline: number;
}

const reaches = new WeakMap<object, Reach>();

/**
 * Declares that the handler of a command does something outside the platform's own stores, such as sending a mail. A copy
 * of the command does not run it again once there is an outcome. All the same it may run more than once for one outcome,
 * when a worker dies in between: it gives what it calls a key that is the same each time.
 *
 * What the other side refuses, or does not answer in time, is a decision to be recorded, never an exception.
 *
 * @param deadline in milliseconds
 */
export function ReachesOutside({ deadline = 30_000 }: Partial<Reach> = {}): ClassDecorator {
  return (handler) => void reaches.set(handler, { deadline });
}

/** What a class of handlers declares; undefined when it reaches nothing outside. */
export const reachOf = (handler: object): Reach | undefined => reaches.get(handler);

/** The time that is left to a handler that reaches outside. */
export abstract class Deadline {
  /** Aborts when the handler's time is over: to be handed to whatever waits. */
  abstract readonly signal: AbortSignal;
}
