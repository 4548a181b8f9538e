import type { Provider } from '@nestjs/common';

import { AlreadyExists, Repository, type Aggregate, type AggregateType } from '#kernel';

import { AggregateCaches } from './aggregate-caches.js';
import { EventStore, nothing, type Loaded } from './event-store.js';
import { unitOfWork, type UnitOfWork } from './unit-of-work.js';
import { VersionConflict } from './version-conflict.js';

/** Keeps aggregates of one class as streams of the log. */
export class EventSourcedRepository<A extends Aggregate<object>> extends Repository<A> {
  constructor(
    private readonly type: AggregateType<A>,
    private readonly store: EventStore,
    private readonly caches: AggregateCaches,
  ) {
    super();
  }

  async get(id: string): Promise<A> {
    const found = await this.find(id);
    if (!found) throw new this.type.NotFound(id);
    return found;
  }

  async find(id: string): Promise<A | null> {
    const aggregate = await this.#load(unitOfWork(), id);
    return aggregate.exists ? aggregate : null;
  }

  /**
   * Trusts at first that there is none: the commit would notice, and have the handler run again, which then looks.
   */
  async create(id: string): Promise<A> {
    const unit = unitOfWork();
    if (!unit.again) return this.#opened(unit, id, nothing);
    const aggregate = await this.#load(unit, id);
    if (aggregate.version > 0) throw new AlreadyExists(id);
    return aggregate;
  }

  async save(aggregate: A): Promise<void> {
    unitOfWork().save(aggregate);
  }

  async #load(unit: UnitOfWork, id: string): Promise<A> {
    unit.claim(this.type, id);
    // Taken out, not looked at: it goes back only with a commit that was new, so that no doubt leaves a stale state there.
    const cached = this.caches.of(unit.envelope).take(this.type.streamType, id);
    return this.#opened(unit, id, cached ?? (await this.store.load({ type: this.type, id })));
  }

  #opened(unit: UnitOfWork, id: string, loaded: Loaded): A {
    unit.claim(this.type, id);
    unit.stream = { type: this.type, id, version: loaded.version, occurredAt: loaded.occurredAt };
    const { expectedVersion } = unit.envelope;
    // What is outside is not undone when the comparison after the decision finds another version (ADR 11).
    if (unit.signal && loaded.state && expectedVersion !== undefined && loaded.version !== expectedVersion)
      throw new VersionConflict(expectedVersion, loaded.version);
    return new this.type(id).restore(loaded, { at: unit.now, actor: unit.envelope.author });
  }
}

/** Binds a repository port to the event log: one line in a context's worker module. */
export function repository<A extends Aggregate<object>>(
  port: abstract new () => Repository<A>,
  aggregate: AggregateType<A>,
): Provider {
  return {
    provide: port,
    inject: [EventStore, AggregateCaches],
    useFactory: (store: EventStore, caches: AggregateCaches) => new EventSourcedRepository(aggregate, store, caches),
  };
}
