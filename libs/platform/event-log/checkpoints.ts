import type { Transaction } from '../database/database.js';
import { beginning, type LogCursor } from './cursor.js';

const read = {
  name: 'checkpoints_read',
  text: `select era, xid::text, position::text from platform.checkpoints where name = $1`,
};

const advance = {
  name: 'checkpoints_advance',
  text: `
    insert into platform.checkpoints as c (name, era, xid, position) values ($1, $2, $3::xid8, $4)
    on conflict (name) do update set era = excluded.era, xid = excluded.xid, position = excluded.position, moved_at = now()
    where (c.era, c.xid, c.position) = ($5, $6::xid8, $7)
    returning name`,
};

/** How far readers of the log have come, by their literal names. */
export class Checkpoints {
  constructor(private readonly database: Pick<Transaction, 'query'>) {}

  /** The beginning when the reader has never moved. */
  async read(name: string): Promise<LogCursor> {
    const [row] = await this.database.query<LogCursor & { era: number }>(read, [name]);
    return row ?? beginning;
  }

  /** Moves it, if it still stands where its reader believes. @returns false when another has moved it meanwhile */
  async advance(name: string, from: LogCursor, to: LogCursor): Promise<boolean> {
    const values = [name, to.era, to.xid, to.position, from.era, from.xid, from.position];
    return (await this.database.query(advance, values)).length > 0;
  }
}
