import type { Database, Statement } from '../database/database.js';

/** What may be given up of `platform.commands`, in days since a command was settled. */
export interface PruneLimits {
  /** After so many, payload and result go. */
  readonly payloadDays: number;
  /** After so many and one more, the row goes: whoever began to run a copy at the last moment has ended by then. */
  readonly inboxDays: number;
}

export interface Pruned {
  /** Rows that lost payload and result. */
  readonly emptied: number;
  readonly removed: number;
}

export interface PruneProgress extends Pruned {
  /** Pages of the table that have been gone through. */
  readonly pages: number;
  readonly of: number;
}

const pages = {
  name: 'prune_pages',
  text: `
    select (pg_relation_size('platform.commands') / current_setting('block_size')::int)::int as pages,
      now() - make_interval(days => $1) as payloads, now() - make_interval(days => $2 + 1) as rows`,
};

const chunk = `ctid >= format('(%s,0)', $1::bigint)::tid and ctid < format('(%s,0)', $2::bigint)::tid`;
const empties = `settled_at < $3 and settled_at >= $4 and (payload is not null or result is not null)`;

const prune = {
  name: 'prune_chunk',
  text: `
    with emptied as (
      update platform.commands set payload = null, result = null where ${chunk} and ${empties} returning 1
    ), removed as (
      delete from platform.commands where ${chunk} and settled_at < $4 returning 1
    )
    select (select count(*) from emptied)::int as emptied, (select count(*) from removed)::int as removed`,
};

const count = {
  name: 'prune_count',
  text: `
    select (count(*) filter (where ${empties}))::int as emptied, (count(*) filter (where settled_at < $4))::int as removed
    from platform.commands where ${chunk}`,
};

/** A chunk is a transaction of its own: some megabytes, which is a fraction of a second. */
const chunkPages = 500;

/**
 * Empties payload and result of commands that were settled long ago, and removes those older than the inbox. It goes
 * through the table as it lies on the disk, so it needs no index, and can be ended and begun again at any time.
 * @param dry only counts
 */
export async function pruneCommands(
  database: Database,
  { payloadDays, inboxDays }: PruneLimits,
  { dry, tell = () => undefined }: { readonly dry: boolean; readonly tell?: (progress: PruneProgress) => void },
): Promise<Pruned> {
  const statement: Statement = dry ? count : prune;
  const [table] = await database.query<{ pages: number; payloads: Date; rows: Date }>(pages, [payloadDays, inboxDays]);
  if (!table) return { emptied: 0, removed: 0 };
  let emptied = 0;
  let removed = 0;
  for (let page = 0; page < table.pages; page += chunkPages) {
    const end = Math.min(table.pages, page + chunkPages);
    const [done] = await database.query<Pruned & Record<string, number>>(statement, [
      page,
      end,
      table.payloads,
      table.rows,
    ]);
    emptied += done?.emptied ?? 0;
    removed += done?.removed ?? 0;
    tell({ pages: end, of: table.pages, emptied, removed });
  }
  return { emptied, removed };
}
