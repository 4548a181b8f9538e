import type { Database } from '#platform/database/database.js';
import { OutcomeUnknown } from '#platform/database/errors.js';
import { GroupCommit, StaleUnits, type Written } from '#platform/engine/group-commit.js';
import { InlineProjections, type StreamEvents } from '#platform/engine/inline-projections.js';
import type { UnitOfWork } from '#platform/engine/unit-of-work.js';
import type { Outcome } from '#platform/messaging/outcome.js';

import { entryOf, InMemoryLog } from './in-memory-log.js';
import { InMemoryReadModels } from './in-memory-read-models.js';

/** What goes wrong with a group; `lost` loses the answer of a commit that happened, `cut` one that did not. */
export type Mishap = { readonly error: unknown } | 'lost' | 'cut';

/** Keeps outcomes, streams and inline read models in memory, a group at a time, and fails as it is told. */
export class InMemoryGroupCommit extends GroupCommit {
  /** The command ids of each group that was tried, in order. */
  readonly groups: string[][] = [];
  readonly #outcomes = new Map<string, string>();
  readonly #moved = new Map<string, number>();

  constructor(
    database: Database,
    /** Asked before each group is committed. */
    private readonly mishap: (units: readonly UnitOfWork[], attempt: number) => Mishap | undefined = () => undefined,
    private readonly log = new InMemoryLog(),
    private readonly readModels = new InMemoryReadModels([]),
  ) {
    super(database, new InlineProjections(database, []), '00000000-0000-7000-8000-000000000000');
  }

  /** Sets how far a stream has come by the hand of others. */
  moved(streamId: string, version: number): void {
    this.#moved.set(streamId, version);
  }

  /** How a command ended, if it did. */
  outcome(id: string): Outcome | undefined {
    const stored = this.#outcomes.get(id);
    return stored === undefined ? undefined : (JSON.parse(stored) as Outcome);
  }

  override async write(units: readonly UnitOfWork[]): Promise<ReadonlyMap<UnitOfWork, Written>> {
    this.groups.push(units.map(({ envelope }) => envelope.id));
    await new Promise(setImmediate);
    const mishap = this.mishap(units, this.groups.length);
    if (mishap === 'cut') throw new OutcomeUnknown(new Error('connection lost'));
    if (typeof mishap === 'object') throw mishap.error;
    const fresh = units.filter(({ envelope }) => !this.#outcomes.has(envelope.id));
    const stale = fresh.filter((unit) => unit.stream && unit.stream.version !== this.#version(unit.stream));
    if (stale.length > 0) throw new StaleUnits(new Set(stale));
    const written = new Map(units.map((unit) => [unit, this.#written(unit)]));
    this.#commit(fresh);
    if (mishap === 'lost') throw new OutcomeUnknown(new Error('connection lost'));
    return written;
  }

  override async outcomes(ids: readonly string[]): Promise<Map<string, Outcome>> {
    return new Map(ids.flatMap((id) => [[id, this.outcome(id)] as const]).filter(isFound));
  }

  #version({ type, id }: NonNullable<UnitOfWork['stream']>): number {
    return Math.max(this.log.version(type.streamType, id), this.#moved.get(id) ?? 0);
  }

  #written({ envelope, outcome }: UnitOfWork): Written {
    const known = this.outcome(envelope.id);
    return known ? { verdict: 'duplicate', outcome: known } : { verdict: 'stored', outcome };
  }

  /** All of it or nothing: whatever may throw comes before anything is kept. */
  #commit(fresh: readonly UnitOfWork[]): void {
    const entries = fresh.flatMap(entriesOf);
    const changes = this.readModels.changes(fresh.flatMap(streamEventsOf));
    this.log.append(entries);
    this.readModels.keep(changes);
    for (const { envelope, outcome } of fresh) this.#outcomes.set(envelope.id, JSON.stringify(outcome));
  }
}

const isFound = (entry: readonly [string, Outcome | undefined]): entry is [string, Outcome] => entry[1] !== undefined;

function entriesOf({ stream, events, now, envelope }: UnitOfWork) {
  if (!stream) return [];
  return events.map((event, index) =>
    entryOf(event, {
      streamType: stream.type.streamType,
      streamId: stream.id,
      version: stream.version + 1 + index,
      actor: envelope.author,
      occurredAt: now,
    }),
  );
}

function streamEventsOf({ stream, events, now, envelope }: UnitOfWork): StreamEvents[] {
  if (!stream || events.length === 0) return [];
  const meta = { occurredAt: now, actor: envelope.author };
  return [
    {
      streamId: stream.id,
      version: stream.version,
      events: events.map((event, index) => ({ event, meta: { ...meta, version: stream.version + 1 + index } })),
    },
  ];
}
