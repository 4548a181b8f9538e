import type { Projection, ReadModelRow } from '#kernel';

import { UnknownVersion, type LogEvent } from './log-pages.js';
import type { Changes } from './read-model-table.js';

/** A projection that does not take an event. */
export class CannotFold extends Error {
  constructor(
    readonly event: LogEvent,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** An event, and the row that shows it. */
export interface Addressed {
  readonly id: string;
  readonly event: object;
  readonly at: LogEvent;
}

/**
 * Finds the rows that show these events, in their order.
 * @throws CannotFold
 * @throws UnknownVersion
 */
export function addressed(projection: Projection, events: readonly LogEvent[]): readonly Addressed[] {
  const types = new Set<unknown>(projection.fold.types);
  const found: Addressed[] = [];
  for (const at of events) {
    const address = attempt(at, () => {
      const event = at.read();
      if (!projection.fold.every && !types.has(event.constructor)) return undefined;
      const id = projection.key ? projection.key(event, at.meta) : at.meta.streamId;
      return id === undefined ? undefined : { id, event, at };
    });
    if (address) found.push(address);
  }
  return found;
}

/**
 * What the events make of the rows.
 * @param rows those of the events' ids that there are
 * @throws CannotFold
 */
export function folded(
  projection: Projection,
  rows: ReadonlyMap<string, ReadModelRow>,
  events: readonly Addressed[],
): Changes {
  const changes = new Map<string, ReadModelRow | null>();
  for (const { id, event, at } of events) {
    const before = changes.has(id) ? changes.get(id) : rows.get(id);
    const row = attempt(at, () => {
      const { meta } = at;
      const next = projection.fold.apply(before ?? null, event, meta);
      if (next && next.id !== id) throw new Error(`${projection.name} makes a row ${next.id} of an event for ${id}`);
      return next && { ...next, version: projection.key ? (before?.version ?? 0) + 1 : meta.version };
    });
    changes.set(id, row);
  }
  for (const [id, row] of changes) if (!row && !rows.has(id)) changes.delete(id);
  return changes;
}

function attempt<T>(event: LogEvent, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UnknownVersion ? error : new CannotFold(event, error);
  }
}

/** Where an event stands, for messages. */
export const placeOf = ({ meta, cursor }: LogEvent): string =>
  `${meta.type} of ${meta.streamType} ${meta.streamId}, version ${meta.version} (position ${cursor.position})`;
