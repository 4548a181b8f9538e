import type { Aggregate } from './aggregate.js';

/** The time of the command that is being handled: when it was accepted, never before its aggregate's last event. */
export abstract class Clock {
  abstract now(): Date;
}

/** Who asked for the command that is being handled. */
export abstract class Actor {
  /** A user's id, or `system` for the platform's own. */
  abstract readonly id: string;
  abstract readonly roles: readonly string[];
  is(role: string): boolean {
    return this.roles.includes(role);
  }
}

/**
 * Loads and saves aggregates of one class within the unit of work of the command that is being handled.
 * A command works on one aggregate, the one that its lane is for; another one is a fault.
 */
export abstract class Repository<A extends Aggregate<object>> {
  /** @throws the aggregate's `NotFound` */
  abstract get(id: string): Promise<A>;
  /** @returns null when there is no such aggregate */
  abstract find(id: string): Promise<A | null>;
  /**
   * An aggregate that does not exist yet.
   * @throws AlreadyExists when there is one of that id
   */
  abstract create(id: string): Promise<A>;
  /** Hands its recorded events to the unit of work, which commits them after the handler has returned. */
  abstract save(aggregate: A): Promise<void>;
}
