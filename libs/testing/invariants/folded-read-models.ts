import { isDeepStrictEqual } from 'node:util';

import { getMetadataArgsStorage } from 'typeorm';

import { eventNamed, revive, type Projection, type ReadModelRow } from '#kernel';

import { privacyOf } from '../privacy.js';
import type { TestDatabase } from '../test-database.js';
import { some, type Invariant } from './evidence.js';

interface StoredEvent {
  stream_id: string;
  version: number;
  type: string;
  data: Record<string, unknown>;
  actor: string;
  occurred_at: Date;
}

type Row = Record<string, unknown>;

/** I6: every read model equals a fold of the log by the production projection. */
export const foldedReadModels: Invariant = async ({ database, projections }) => {
  const findings: string[] = [];
  for (const projection of projections) findings.push(...(await differences(database, projection)));
  return findings;
};

async function differences(database: TestDatabase, projection: Projection): Promise<string[]> {
  const folded = await fold(database, projection);
  const stored = new Map(
    (await database.query<{ id: string }>(`select * from ${projection.name}`)).map((row) => [row.id, row]),
  );
  const differing = [...folded].filter(([id, row]) => !isDeepStrictEqual(row, stored.get(id))).map(([id]) => id);
  const invented = [...stored.keys()].filter((id) => !folded.has(id));
  const findings: string[] = [];
  const [first] = differing;
  if (first !== undefined)
    findings.push(
      `I6: ${differing.length} rows of ${projection.name} differ from the log's fold: ${some(differing)}; ` +
        `the first is ${JSON.stringify(stored.get(first))} and folds to ${JSON.stringify(folded.get(first))}`,
    );
  if (invented.length > 0)
    findings.push(`I6: ${invented.length} rows of ${projection.name} have no events: ${some(invented)}`);
  return findings;
}

/** The rows as they must be, by id, with the names of their columns. */
async function fold(database: TestDatabase, projection: Projection): Promise<Map<string, Row>> {
  const types = new Map(projection.fold.types.map((type) => [type, true]));
  const stored = await database.query<StoredEvent>(
    `select stream_id, version, type, data, metadata->>'actor' as actor, occurred_at
     from platform.events order by stream_type, stream_id, version`,
  );
  const privacy = privacyOf({ query: ({ text }, values) => database.query(text, values) });
  const events = await privacy.openEvents(stored);
  const rows = new Map<string, ReadModelRow>();
  for (const { stream_id: id, version, type, data, actor, occurred_at: occurredAt } of events) {
    const known = eventNamed(type);
    if (!known || !types.has(known.type)) continue;
    const next = projection.fold.apply(rows.get(id) ?? null, revive(known.type, data), { version, occurredAt, actor });
    if (next) rows.set(id, { ...next, version });
    else rows.delete(id);
  }
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === projection.row);
  const asStored = (row: ReadModelRow): Row =>
    Object.fromEntries(
      columns.map(({ propertyName, options }) => [options.name ?? propertyName, (row as unknown as Row)[propertyName]]),
    );
  return new Map([...rows].map(([id, row]) => [id, asStored(row)]));
}
