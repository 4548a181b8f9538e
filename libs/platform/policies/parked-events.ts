import type { Database } from '../database/database.js';
import { describedError } from '../engine/described-error.js';
import type { CloudEvent } from '../messaging/cloud-event.js';
import { packedEvent, unpackedEvent } from '../operations/parked-bytes.js';
import { confidentialEvent } from '../privacy/confidential-fields.js';
import type { Privacy } from '../privacy/privacy.js';

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

const parkAgain = {
  name: 'parked_events_park_again',
  text: `
    update platform.parked_events set state = $3, attempts = $4, error = $5, stack = $6, next_attempt_at = null
    where policy = $1 and event_id = $2`,
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
  constructor(
    private readonly database: Database,
    private readonly privacy: Privacy,
  ) {}

  /** Resolves once it is durable. The same event of the same policy again keeps its place, and a
   * copy that merely waits keeps what is known of it. */
  async park({ context, policy, event, state, attempts }: ParkedEvent, error?: unknown): Promise<void> {
    const [message, stack] = describedError(error);
    const bytes = await this.#sealed(event);
    const values = [context, policy, streamOf(event), event.id, event.type, bytes, state, attempts, message, stack];
    await this.database.query(park, values);
  }

  /** Puts a parked event back after an attempt that failed, unless an operator has discarded it meanwhile. */
  async parkAgain({ policy, event, state, attempts }: ParkedEvent, error: unknown): Promise<void> {
    await this.database.query(parkAgain, [policy, event.id, state, attempts, ...describedError(error)]);
  }

  /** The first parked event of each policy and stream of a context. */
  async heads(context: string): Promise<ParkedEvent[]> {
    return this.#opened(await this.database.query<Row>(heads, [context]));
  }

  async next(policy: string, stream: string): Promise<ParkedEvent | undefined> {
    const [row] = await this.database.query<Row>(next, [policy, stream]);
    return row && (await this.#opened([row]))[0];
  }

  async remove({ policy, event }: ParkedEvent): Promise<void> {
    await this.database.query('delete from platform.parked_events where policy = $1 and event_id = $2', [
      policy,
      event.id,
    ]);
  }

  /** As in the log, what is personal goes with the person's key. The rest of an event may be personal too, in another release. */
  async #sealed({ data, ...event }: CloudEvent): Promise<Buffer> {
    const confidential = confidentialEvent(event.type);
    const keys = await this.privacy.keysOf(confidential ? [data[confidential.subject] as string] : []);
    const stored = { ...event, data: this.privacy.sealEvent(event.type, data, keys) };
    return packedEvent(stored, this.privacy);
  }

  async #opened(rows: readonly Row[]): Promise<ParkedEvent[]> {
    const events = rows.map(({ event }) => unpackedEvent(event, this.privacy));
    const opened = await this.privacy.openEvents(events);
    return rows.map((row, index) => ({ ...row, event: opened[index] as CloudEvent }));
  }
}
