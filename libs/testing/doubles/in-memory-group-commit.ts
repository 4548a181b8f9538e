import { eventType } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { OutcomeUnknown } from '#platform/database/errors.js';
import { GroupCommit, StaleUnits, type StoredOutcome, type Written } from '#platform/engine/group-commit.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import type { UnitOfWork } from '#platform/engine/unit-of-work.js';

/** What goes wrong with a group; `lost` loses the answer of a commit that happened, `cut` one that did not. */
export type Mishap = { readonly error: unknown } | 'lost' | 'cut';

/** Keeps outcomes and streams in memory, a group at a time, and fails as it is told. */
export class InMemoryGroupCommit extends GroupCommit {
  /** The command ids of each group that was tried, in order. */
  readonly groups: string[][] = [];
  readonly #outcomes = new Map<string, StoredOutcome>();
  readonly #versions = new Map<string, number>();

  constructor(
    database: Database,
    /** Asked before each group is committed. */
    private readonly mishap: (units: readonly UnitOfWork[], attempt: number) => Mishap | undefined = () => undefined,
  ) {
    super(database, new InlineProjections(database, []), '00000000-0000-7000-8000-000000000000');
  }

  /** Sets how far a stream has come by the hand of others. */
  moved(streamId: string, version: number): void {
    this.#versions.set(streamId, version);
  }

  /** How many events a stream has. */
  version(streamId: string): number {
    return this.#versions.get(streamId) ?? 0;
  }

  override async write(units: readonly UnitOfWork[]): Promise<ReadonlyMap<UnitOfWork, Written>> {
    this.groups.push(units.map(({ envelope }) => envelope.id));
    await new Promise(setImmediate);
    const mishap = this.mishap(units, this.groups.length);
    if (mishap === 'cut') throw new OutcomeUnknown(new Error('connection lost'));
    if (typeof mishap === 'object') throw mishap.error;
    const stale = units.filter(({ envelope, stream }) => {
      const fresh = !this.#outcomes.has(envelope.id);
      return fresh && stream && this.version(stream.id) !== stream.version;
    });
    if (stale.length > 0) throw new StaleUnits(new Set(stale));
    const written = new Map(units.map((unit) => [unit, this.#settle(unit)]));
    if (mishap === 'lost') throw new OutcomeUnknown(new Error('connection lost'));
    return written;
  }

  override async outcomes(ids: readonly string[]): Promise<Map<string, StoredOutcome>> {
    return new Map([...this.#outcomes].filter(([id]) => ids.includes(id)));
  }

  #settle({ envelope, rejection, stream, events }: UnitOfWork): Written {
    const outcome = this.#outcomes.get(envelope.id);
    if (outcome) return { verdict: 'duplicate', outcome };
    for (const event of events) eventType(event.constructor);
    if (stream) this.#versions.set(stream.id, stream.version + events.length);
    this.#outcomes.set(envelope.id, { status: rejection ? 'rejected' : 'succeeded', problem: rejection ?? null });
    return { verdict: 'stored' };
  }
}
