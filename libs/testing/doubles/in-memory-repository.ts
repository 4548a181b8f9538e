import { AlreadyExists, Repository, type Aggregate, type AggregateType, type Clock, type Snapshot } from '#kernel';

interface Stored {
  readonly event: object;
  readonly version: number;
  readonly occurredAt: Date;
  readonly actor: string;
}

/** Keeps aggregates of one class as events in memory. Saving is a commit of its own. */
export class InMemoryRepository<A extends Aggregate<object>> extends Repository<A> {
  readonly #streams = new Map<string, readonly Stored[]>();

  constructor(
    private readonly type: AggregateType<A>,
    private readonly clock: Clock,
    /** Whose command is being handled. */
    private readonly actor = 'system',
  ) {
    super();
  }

  /** Lets these have happened. */
  given(id: string, ...events: readonly object[]): this {
    this.#append(id, events);
    return this;
  }

  /** All that has happened to an aggregate. */
  events(id: string): readonly object[] {
    return this.#stream(id).map(({ event }) => event);
  }

  async get(id: string): Promise<A> {
    const found = await this.find(id);
    if (!found) throw new this.type.NotFound(id);
    return found;
  }

  async find(id: string): Promise<A | null> {
    const aggregate = this.#opened(id, new this.type(id).replay(this.#stream(id)));
    return aggregate.exists ? aggregate : null;
  }

  async create(id: string): Promise<A> {
    if (this.#stream(id).length > 0) throw new AlreadyExists(id);
    return this.#opened(id, { state: null, version: 0 });
  }

  async save(aggregate: A): Promise<void> {
    const { id, recorded, version } = aggregate;
    const loaded = version - recorded.length;
    const stored = this.#stream(id).length;
    if (loaded !== stored) throw new Error(`${id} was loaded at version ${loaded} and is at ${stored} by now`);
    this.#append(id, recorded);
  }

  #stream(id: string): readonly Stored[] {
    return this.#streams.get(id) ?? [];
  }

  #opened(id: string, snapshot: Snapshot<object>): A {
    return new this.type(id).restore(snapshot, { at: this.clock.now(), actor: this.actor });
  }

  #append(id: string, events: readonly object[]): void {
    const stream = this.#stream(id);
    const added = events.map((event, index) => ({
      event,
      version: stream.length + 1 + index,
      occurredAt: this.clock.now(),
      actor: this.actor,
    }));
    this.#streams.set(id, [...stream, ...added]);
  }
}
