import { Injectable } from '@nestjs/common';

import type { StoredCommand } from '../commands/command-status.queries.js';
import { ReadDatabase } from '../database/read-database.js';

/** A command that has come to its end. */
export interface SettledCommand extends Pick<
  StoredCommand,
  'author' | 'type' | 'resource_id' | 'status' | 'accepted_at' | 'attempts' | 'problem' | 'result' | 'era' | 'xid'
> {
  readonly id: string;
  readonly settled_at: Date;
  /** The same to the microsecond. */
  readonly settled: string;
  readonly correlation_id: string | null;
}

/** Beyond what was settled then, or was settled then and has no greater id. */
export interface After {
  readonly settled: string;
  readonly id: string;
}

export interface SettledPage {
  /** The database's time when it looked. */
  readonly at: Date;
  readonly commands: readonly SettledCommand[];
}

// There is always a row, for its time: what is visible later was not settled before it, but by a slow transaction.
const settled = {
  name: 'settled_commands',
  text: `
    select now() as at, c.* from (select) as always
    left join lateral (
      select id, author, type, resource_id, status, accepted_at, settled_at, settled_at::text as settled, attempts, problem,
        result, correlation_id, era, xid::text
      from platform.commands
      where author = any($1) and (settled_at, id) > ($2::timestamptz, $3::uuid)
      order by platform.commands.settled_at, platform.commands.id
      limit $4
    ) c on true
    order by c.settled_at, c.id`,
};

type Row = { readonly at: Date } & (SettledCommand | { readonly id: null });

@Injectable()
export class SettledCommandQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** Commands of these authors in the order in which they were settled. */
  async page(authors: readonly string[], after: After, limit: number): Promise<SettledPage> {
    const rows = await this.db.query<Row>(settled, [authors, after.settled, after.id, limit]);
    const [{ at }] = rows as [Row];
    return { at, commands: rows.flatMap((row) => (row.id === null ? [] : [row])) };
  }
}
