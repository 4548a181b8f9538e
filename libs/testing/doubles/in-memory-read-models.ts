import { getMetadataArgsStorage } from 'typeorm';

import { derivedId, eventType, type Class, type Key, type Projection, type ReadModelRow } from '#kernel';
import type { StreamEvents } from '#platform/engine/inline-projections.js';

import { ReadModels } from '../scenario/read-models.js';

interface Column {
  readonly property: string;
  readonly nullable: boolean;
  /** What JSON makes of the column's value is not what Postgres answers. */
  readonly revive: (value: unknown) => unknown;
}

/** Rows that are to replace others; null removes one. */
export interface Change {
  readonly projection: Projection;
  readonly id: string;
  readonly row: string | null;
}

/**
 * Folds projections into rows in memory, those that follow the log at once, too. Rows are kept as JSON text, by the columns
 * of their entities.
 */
export class InMemoryReadModels extends ReadModels {
  readonly #columns: ReadonlyMap<Projection, readonly Column[]>;
  readonly #rows: ReadonlyMap<Projection, Map<string, string>>;
  readonly #happened = new Map<string, number>();

  constructor(private readonly projections: readonly Projection[]) {
    super();
    this.#columns = new Map(projections.map((projection) => [projection, columnsOf(projection.row)]));
    this.#rows = new Map(projections.map((projection) => [projection, new Map<string, string>()]));
  }

  rows<Row extends ReadModelRow>(type: Class<Row>): readonly Row[] {
    const found = this.projections.filter(({ row }) => row === type);
    if (found.length === 0)
      throw new Error(`no projection of this context writes ${type.name}: list it in the worker module`);
    return found.flatMap((projection) =>
      [...this.#table(projection).values()].map((row) => this.#read(projection, row)),
    );
  }

  /** Lets events have happened at that time, by nobody in particular, each in its stream after those before it. */
  happened(at: string, ...events: readonly object[]): void {
    for (const event of events) {
      const streamId = event[eventType(event.constructor).streamField as keyof object] as string;
      const version = this.#happened.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt: new Date(at), actor: 'somebody' };
      this.keep(this.changes([{ streamId, version, events: [{ event, meta }] }]));
      this.#happened.set(streamId, version + 1);
    }
  }

  /** What the events change. Nothing is changed until that is kept. */
  changes(streams: readonly StreamEvents[]): readonly Change[] {
    return this.projections.flatMap((projection) => {
      const types = new Set<unknown>(projection.fold.types);
      if (projection.key) return this.#grouped(projection, projection.key, streams);
      return streams
        .filter(({ events }) => events.some(({ event }) => types.has(event.constructor)))
        .map((stream) => ({ projection, id: stream.streamId, row: this.#fold(projection, stream) }));
    });
  }

  keep(changes: readonly Change[]): void {
    for (const { projection, id, row } of changes)
      if (row === null) this.#table(projection).delete(id);
      else this.#table(projection).set(id, row);
  }

  clear(): void {
    for (const table of this.#rows.values()) table.clear();
    this.#happened.clear();
  }

  #fold(projection: Projection, { streamId, events }: StreamEvents): string | null {
    const present = this.#table(projection).get(streamId);
    let row: ReadModelRow | null = present === undefined ? null : this.#read(projection, present);
    for (const { event, meta } of events) {
      const next = projection.fold.apply(row, event, meta);
      if (next && next.id !== streamId)
        throw new Error(`${projection.name} has no key: its row's id must be its stream's id`);
      row = next && { ...next, version: meta.version };
    }
    return row && this.#written(projection, row);
  }

  /** What events of many streams make of the rows of their keys. */
  #grouped(projection: Projection, key: Key, streams: readonly StreamEvents[]): readonly Change[] {
    const types = new Set<unknown>(projection.fold.types);
    const rows = new Map<string, string | null>();
    for (const { streamId, events } of streams)
      for (const { event, meta: known } of events) {
        if (!types.has(event.constructor)) continue;
        const { name } = eventType(event.constructor);
        const meta = { ...known, id: derivedId(streamId, known.version), type: name, streamType: '', streamId };
        const id = key(event, meta);
        if (id === undefined) continue;
        const present = rows.has(id) ? rows.get(id) : this.#table(projection).get(id);
        const before = present === undefined || present === null ? null : this.#read(projection, present);
        const next = projection.fold.apply(before, event, meta);
        const row = next && { ...next, version: (before?.version ?? 0) + 1 };
        rows.set(id, row && this.#written(projection, row));
      }
    return [...rows].map(([id, row]) => ({ projection, id, row }));
  }

  #written(projection: Projection, row: ReadModelRow): string {
    const stored: Record<string, unknown> = {};
    for (const { property, nullable } of this.#columns.get(projection) ?? []) {
      const value = row[property as keyof ReadModelRow] ?? null;
      if (value === null && !nullable)
        throw new Error(`${projection.name} leaves ${property} empty, whose column is not nullable`);
      stored[property] = value;
    }
    return JSON.stringify(stored);
  }

  #read<Row extends ReadModelRow>(projection: Projection, text: string): Row {
    const stored = JSON.parse(text) as Record<string, unknown>;
    const columns = this.#columns.get(projection) ?? [];
    return Object.fromEntries(
      columns.map(({ property, revive }) => [property, stored[property] === null ? null : revive(stored[property])]),
    ) as unknown as Row;
  }

  #table(projection: Projection): Map<string, string> {
    return this.#rows.get(projection) as Map<string, string>;
  }
}

const asDate = (value: unknown): unknown => new Date(value as string);
const asIs = (value: unknown): unknown => value;
const revivals = new Map<unknown, Column['revive']>([
  ['timestamptz', asDate],
  ['timestamp', asDate],
  ['timestamp with time zone', asDate],
  ['timestamp without time zone', asDate],
  [Date, asDate],
  // The driver hands over as text what a number could not hold.
  ['bigint', String],
  ['int8', String],
  ['numeric', String],
  ['decimal', String],
]);

function columnsOf(row: Class<ReadModelRow>): readonly Column[] {
  const storage = getMetadataArgsStorage();
  const ancestors: unknown[] = [];
  for (let type: unknown = row; typeof type === 'function'; type = Object.getPrototypeOf(type)) ancestors.push(type);
  if (!storage.tables.some(({ target }) => ancestors.includes(target)))
    throw new Error(`${row.name} is no entity: decorate it with @Entity and its fields with @Column`);
  return storage.columns
    .filter(({ target }) => ancestors.includes(target))
    .map(({ propertyName, options }) => ({
      property: propertyName,
      nullable: options.nullable === true,
      revive: (options.array ? undefined : revivals.get(options.type)) ?? asIs,
    }));
}
