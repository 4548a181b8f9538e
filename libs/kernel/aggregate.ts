import type { DomainError } from './domain-error.js';
import type { Fold } from './fold.js';

/** A state and the version of the stream that it was folded from. */
export interface Snapshot<S> {
  readonly state: S | null;
  readonly version: number;
}

/** What the platform needs to know of an aggregate's class. */
export interface AggregateType<A extends Aggregate<object>> {
  new (id: string): A;
  /** The literal `<context>.<aggregate>` that its streams are stored under. */
  readonly streamType: string;
  /** What `Repository.get` throws when there is no such aggregate. */
  readonly NotFound: new (id: string) => DomainError;
}

/**
 * A consistency boundary. Methods decide and record events; one fold evolves the state. It does no I/O and reads no clock.
 */
export abstract class Aggregate<S extends object> {
  protected abstract readonly evolve: Fold<S>;
  #snapshot: Snapshot<S> = { state: null, version: 0 };
  #occurring: { at: Date; actor: string } | undefined;
  readonly #recorded: object[] = [];

  constructor(readonly id: string) {}

  /** The state after everything recorded so far. Only to be read once the aggregate exists. */
  protected get state(): S {
    return this.#snapshot.state as S;
  }

  /** Version of the stream, events recorded but not saved included. 0: it does not exist yet. */
  get version(): number {
    return this.#snapshot.version;
  }

  get exists(): boolean {
    return this.#snapshot.state !== null;
  }

  get snapshot(): Snapshot<S> {
    return this.#snapshot;
  }

  /** Events recorded since the aggregate was loaded. */
  get recorded(): readonly object[] {
    return this.#recorded;
  }

  protected record(event: object): void {
    if (!this.#occurring)
      throw new Error(`${this.constructor.name} was not made by a repository: use get() or create()`);
    const version = this.#snapshot.version + 1;
    const { at, actor } = this.#occurring;
    this.#snapshot = {
      state: this.evolve.apply(this.#snapshot.state, event, { version, occurredAt: at, actor }),
      version,
    };
    this.#recorded.push(event);
  }

  /** For repositories: continues from a stored state; events recorded from now on occur at that time, by that actor. */
  restore(snapshot: Snapshot<object>, occurring: { at: Date; actor: string }): this {
    this.#snapshot = snapshot as Snapshot<S>;
    this.#occurring = occurring;
    return this;
  }

  /** For repositories: the state that a stream of events makes. */
  replay(events: Iterable<{ event: object; version: number; occurredAt: Date; actor: string }>): Snapshot<S> {
    let { state, version } = this.#snapshot;
    for (const { event, ...meta } of events) {
      state = this.evolve.apply(state, event, meta);
      version = meta.version;
    }
    return { state, version };
  }
}
