import type { Transaction } from '../database/database.js';
import { beginning, type LogCursor } from './cursor.js';

const read = {
  name: 'checkpoints_read',
  text: `select era, xid::text, position::text from platform.checkpoints where name = $1`,
};

// Nobody waits until the disk has it: after a crash of the server the reader stands where it stood before, with all that it
// wrote in the same transaction undone, and reads the same again.
const advance = {
  name: 'checkpoints_advance',
  text: `
    insert into platform.checkpoints as c (name, era, xid, position)
    select $1, $2::int, $3::xid8, $4::bigint from set_config('synchronous_commit', 'off', true) as quick where quick = 'off'
    on conflict (name) do update set era = excluded.era, xid = excluded.xid, position = excluded.position, moved_at = now()
    where (c.era, c.xid, c.position) = ($5, $6::xid8, $7)
    returning name`,
};

// Whoever holds one of them is not waited for: the others must not stand still meanwhile.
const advanceAll = {
  name: 'checkpoints_advance_all',
  text: `
    with moves as materialized (
      select * from unnest($1::text[], $2::int[], $3::xid8[], $4::bigint[], $5::int[], $6::xid8[], $7::bigint[])
        as m(name, era, xid, position, from_era, from_xid, from_position)
    ), free as materialized (
      select c.name from platform.checkpoints c join moves m using (name)
      where (c.era, c.xid, c.position) = (m.from_era, m.from_xid, m.from_position)
      order by c.name for update of c skip locked
    )
    update platform.checkpoints c set era = m.era, xid = m.xid, position = m.position, moved_at = now()
    from moves m, set_config('synchronous_commit', 'off', true) as quick
    where quick = 'off' and m.name = c.name and c.name in (select name from free)
    returning c.name`,
};

/** From where a reader believes to stand, to where it is to stand. */
export interface Move {
  readonly name: string;
  readonly from: LogCursor;
  readonly to: LogCursor;
}

/** How far readers of the log have come, by their literal names. */
export class Checkpoints {
  constructor(private readonly database: Pick<Transaction, 'query'>) {}

  /** The beginning when the reader has never moved. */
  async read(name: string): Promise<LogCursor> {
    const [row] = await this.database.query<LogCursor & { era: number }>(read, [name]);
    return row ?? beginning;
  }

  /**
   * Moves it, if it still stands where its reader believes. A crash of the server may undo the whole transaction although
   * it was committed, and what was committed in this way after it: a reader may write nothing but what it makes again.
   * @returns false when another has moved it meanwhile
   */
  async advance(name: string, from: LogCursor, to: LogCursor): Promise<boolean> {
    const values = [name, to.era, to.xid, to.position, from.era, from.xid, from.position];
    return (await this.database.query(advance, values)).length > 0;
  }

  /** Moves several that have moved before, each as `advance` does. @returns the names of those that were moved */
  async advanceAll(moves: readonly Move[]): Promise<ReadonlySet<string>> {
    const column = <T>(of: (move: Move) => T): T[] => moves.map(of);
    const rows = await this.database.query<{ name: string }>(advanceAll, [
      column(({ name }) => name),
      column(({ to }) => to.era),
      column(({ to }) => to.xid),
      column(({ to }) => to.position),
      column(({ from }) => from.era),
      column(({ from }) => from.xid),
      column(({ from }) => from.position),
    ]);
    return new Set(rows.map(({ name }) => name));
  }
}
