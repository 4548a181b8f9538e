import type { Database } from '../database/database.js';
import type { LogCursor } from '../event-log/cursor.js';

/** What the queue of a context gets. */
export interface Subscription {
  readonly context: string;
  /** Wire names of events. */
  readonly types: readonly string[];
}

/** A queue that was lost with what it held. */
export interface Replay extends Subscription {
  /** All before it had been handled. */
  readonly from: LogCursor;
}

const known = {
  name: 'event_queues_known',
  text: 'select name from platform.checkpoints where name = any($1)',
};

const ask = {
  name: 'event_queues_ask',
  text: `
    insert into platform.replays (context, types, era, xid, position)
    select $1, $2, c.era, c.xid, c.position from platform.checkpoints c where c.name = $3
    on conflict (context) do update set types = excluded.types`,
};

const open = {
  name: 'event_queues_replays',
  text: 'select context, types, era, xid::text, position::text from platform.replays order by context',
};

const begin = {
  name: 'event_queues_begin',
  text: `
    insert into platform.checkpoints (name, era, xid, position)
    select $1, coalesce(r.era, 0), coalesce(r.xid, '0'), coalesce(r.position, 0)
    from (select) one left join platform.checkpoints r on r.name = 'relay'
    on conflict do nothing`,
};

const handled = {
  name: 'event_queues_handled',
  text: `
    insert into platform.checkpoints as c (name, era, xid, position) values ($1, $2, $3::xid8, $4)
    on conflict (name) do update set era = excluded.era, xid = excluded.xid, position = excluded.position, moved_at = now()
    where (c.era, c.xid, c.position) < (excluded.era, excluded.xid, excluded.position)`,
};

/** Name of the checkpoint that says up to where a context has handled all events of its queue. */
const checkpoint = (context: string): string => `${context}.events`;

/** How far contexts have handled the events of their queues, and which queues are to be filled again. */
export class EventQueues {
  constructor(private readonly database: Database) {}

  /** Which of the contexts had a queue before. */
  async existed(contexts: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ name: string }>(known, [contexts.map(checkpoint)]);
    return new Set(rows.map(({ name }) => name.slice(0, -'.events'.length)));
  }

  /** A context has a queue from now on: it gets what the relay has not published yet. */
  async begin(context: string): Promise<void> {
    await this.database.query(begin, [checkpoint(context)]);
  }

  /** Asks the relay to fill the queue of a context again, from what it has handled on, and to bind it then. */
  async askReplay({ context, types }: Subscription): Promise<void> {
    await this.database.query(ask, [context, types, checkpoint(context)]);
  }

  async replays(): Promise<Replay[]> {
    const rows = await this.database.query<Subscription & LogCursor>(open);
    return rows.map(({ context, types, era, xid, position }) => ({ context, types, from: { era, xid, position } }));
  }

  async replayed({ context }: Replay): Promise<void> {
    await this.database.query('delete from platform.replays where context = $1', [context]);
  }

  /** The context has handled everything up to there. Never goes back. */
  async handled(context: string, { era, xid, position }: LogCursor): Promise<void> {
    await this.database.query(handled, [checkpoint(context), era, xid, position]);
  }
}
