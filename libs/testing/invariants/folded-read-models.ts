import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { getMetadataArgsStorage } from 'typeorm';

import { eventNamed, revive, type Projection, type ReadModelRow } from '#kernel';
import { eventId } from '#platform/messaging/cloud-event.js';

import { privacyOf } from '../privacy.js';
import type { TestDatabase } from '../test-database.js';
import { some, type Evidence, type Invariant } from './evidence.js';

interface StoredEvent {
  era: number;
  stream_type: string;
  stream_id: string;
  version: number;
  type: string;
  data: Record<string, unknown>;
  actor: string;
  occurred_at: Date;
}

type Row = Record<string, unknown>;

/** What follows the log gets so long to catch up, in milliseconds. */
const within = 10_000;

/** I6: every read model equals a fold of the log by the production projection; without a worker, the inline ones do. */
export const foldedReadModels = async ({
  database,
  projections,
  processes,
}: Pick<Evidence, 'database' | 'projections' | 'processes'>): ReturnType<Invariant> => {
  const followed = processes.some(({ app, running }) => app === 'worker' && running);
  const findings: string[] = [];
  for (const projection of projections)
    if (projection.inline) findings.push(...(await differences(database, projection)));
    else if (followed) findings.push(...(await differencesThatStay(database, projection)));
  return findings;
};

async function differencesThatStay(database: TestDatabase, projection: Projection): Promise<string[]> {
  const until = performance.now() + within;
  let found = await differences(database, projection);
  while (found.length > 0 && performance.now() < until) {
    await delay(50);
    found = await differences(database, projection);
  }
  return found;
}

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
  const types = new Set<object>(projection.fold.types);
  const { every } = projection.fold;
  const stored = await database.query<StoredEvent>(
    `select era, stream_type, stream_id, version, type, data, metadata->>'actor' as actor, occurred_at
     from platform.events where $1 or metadata->'private' is null order by era, xid, position`,
    [!every],
  );
  const privacy = privacyOf({ query: ({ text }, values) => database.query(text, values) });
  const events = every ? stored : await privacy.openEvents(stored);
  const rows = new Map<string, ReadModelRow>();
  for (const { era, stream_type: streamType, stream_id: streamId, version, type, data, actor, occurred_at } of events) {
    const known = eventNamed(type);
    if (!every && !(known && types.has(known.type))) continue;
    const event = every || !known ? data : revive(known.type, data);
    const id = eventId(streamType, streamId, version, era);
    const meta = { id, type, streamType, streamId, version, occurredAt: occurred_at, actor };
    const key = projection.key ? projection.key(event, meta) : streamId;
    if (key === undefined) continue;
    const before = rows.get(key) ?? null;
    const next = projection.fold.apply(before, event, meta);
    if (next) rows.set(key, { ...next, version: projection.key ? (before?.version ?? 0) + 1 : version });
    else rows.delete(key);
  }
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === projection.row);
  const asStored = (row: ReadModelRow): Row =>
    Object.fromEntries(
      columns.map(({ propertyName, options }) => [options.name ?? propertyName, (row as unknown as Row)[propertyName]]),
    );
  return new Map([...rows].map(([id, row]) => [id, asStored(row)]));
}
