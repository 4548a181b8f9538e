import type { Database } from '../database/database.js';
import { describedError } from '../engine/described-error.js';
import type { CloudEvent } from '../messaging/cloud-event.js';

/** `blocked` waits behind another of its stream, `dead` for an operator, `unsupported` for a release that knows its type. */
export type ParkedEventState = 'retrying' | 'blocked' | 'unsupported' | 'dead';

/** An event that a policy could not handle, or that waits behind one. */
export interface ParkedEvent {
  readonly context: string;
  readonly policy: string;
  readonly event: CloudEvent;
  readonly state: ParkedEventState;
  readonly attempts: number;
}

const park = {
  name: 'parked_events_park',
  text: `
    insert into platform.parked_events (context, policy, stream, event_id, type, event, state, attempts, error, stack)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (policy, event_id) do update set state = excluded.state, attempts = excluded.attempts,
      error = excluded.error, stack = excluded.stack, next_attempt_at = null
    where excluded.state <> 'blocked'`,
};

const heads = {
  name: 'parked_events_heads',
  text: `
    select distinct on (policy, stream) context, policy, state, attempts, event
    from platform.parked_events
    where context = $1 order by policy, stream, seq`,
};

const next = {
  name: 'parked_events_next',
  text: `
    select context, policy, state, attempts, event from platform.parked_events
    where policy = $1 and stream = $2 order by seq limit 1`,
};

type Row = Omit<ParkedEvent, 'event'> & { event: Buffer };

export const streamOf = ({ streamtype, subject }: CloudEvent): string => `${streamtype} ${subject}`;

/** Events that policies could not handle. A row is its stream's lock for that policy: later events wait behind it. */
export class ParkedEvents {
  constructor(private readonly database: Database) {}

  /** Resolves once it is durable. The same event of the same policy again keeps its place, and a
   * copy that merely waits keeps what is known of it. */
  async park({ context, policy, event, state, attempts }: ParkedEvent, error?: unknown): Promise<void> {
    const [message, stack] = describedError(error);
    const bytes = Buffer.from(JSON.stringify(event));
    const values = [context, policy, streamOf(event), event.id, event.type, bytes, state, attempts, message, stack];
    await this.database.query(park, values);
  }

  /** The first parked event of each policy and stream of a context. */
  async heads(context: string): Promise<ParkedEvent[]> {
    return (await this.database.query<Row>(heads, [context])).map(opened);
  }

  async next(policy: string, stream: string): Promise<ParkedEvent | undefined> {
    const [row] = await this.database.query<Row>(next, [policy, stream]);
    return row && opened(row);
  }

  async remove({ policy, event }: ParkedEvent): Promise<void> {
    await this.database.query('delete from platform.parked_events where policy = $1 and event_id = $2', [
      policy,
      event.id,
    ]);
  }
}

const opened = ({ event, ...row }: Row): ParkedEvent => ({
  ...row,
  event: JSON.parse(event.toString('utf8')) as CloudEvent,
});
