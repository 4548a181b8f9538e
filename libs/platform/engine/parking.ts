import { coalesce } from '../database/coalesce.js';
import type { Database } from '../database/database.js';
import { laneHash, type Envelope, type EnvelopeProperties } from '../messaging/envelope.js';
import type { EngineMetrics } from '../observability/engine-metrics.js';
import { describedError } from './described-error.js';

/** Where a parked command stands: `blocked` waits behind another of its lane, `dead` waits for an operator. */
export type ParkedState = 'retrying' | 'blocked' | 'unsupported' | 'dead';

/** A message with what is needed to verify and run it later. */
export interface Message {
  readonly properties: EnvelopeProperties;
  readonly envelope: Envelope;
}

export interface Parked extends Message {
  readonly state: ParkedState;
  readonly attempts: number;
  readonly error?: unknown;
}

/** The first parked command of a lane. */
export interface Head {
  readonly context: string;
  readonly lane: string;
  readonly id: string;
  readonly state: ParkedState;
  readonly type: string;
  readonly attempts: number;
  readonly acceptedAt: Date;
  readonly due: boolean;
  /** It has an outcome already: its row has nothing left to wait for. */
  readonly settled: boolean;
  readonly properties: EnvelopeProperties;
  readonly body: Buffer;
}

const park = {
  name: 'parking_park',
  text: `
    with input as materialized (
      select * from json_to_recordset($1) as t(ord int, id uuid, type text, context text, lane text, lane_hash bigint,
        resource_id text, author text, state text, envelope text, error text, stack text, attempts int, accepted_at timestamptz)
    ), settled as (
      select c.id from platform.commands c where c.id in (select id from input)
    ), parked as (
      insert into platform.parked_commands (id, type, context, lane, lane_hash, resource_id, author, state, envelope, error,
        stack, attempts, release, accepted_at)
      select id, type, context, lane, lane_hash, resource_id, author, state, convert_to(envelope, 'UTF8'), error, stack, attempts,
        $3, accepted_at
      from input where id not in (select id from settled)
      order by ord
      on conflict (id) do nothing
    ), closed as (
      delete from platform.attempts where process = $2 and command_id in (select id from input)
    )
    select id from settled`,
};

const parkAgain = {
  name: 'parking_park_again',
  text: `
    with closed as (delete from platform.attempts where process = $2 and command_id = $1)
    update platform.parked_commands
    set state = $3, error = $4, stack = $5, attempts = $6, release = $7, next_attempt_at = null
    where id = $1`,
};

const headColumns = `p.context, p.lane, p.id, p.state, p.type, p.attempts, p.accepted_at as "acceptedAt", p.envelope,
  coalesce(p.next_attempt_at <= now(), true) as due, exists (select from platform.commands c where c.id = p.id) as settled`;

const heads = {
  name: 'parking_heads',
  text: `
    select distinct on (p.context, p.lane) ${headColumns}
    from platform.parked_commands p
    join unnest($1::text[], $2::int[], $3::int[]) as s(context, partitions, n)
      on p.context = s.context and p.lane_hash % s.partitions = s.n
    order by p.context, p.lane, p.seq`,
};

const headOf = {
  name: 'parking_head_of',
  text: `
    select ${headColumns} from platform.parked_commands p
    where p.context = $1 and p.lane = $2 order by p.seq limit 1`,
};

type HeadRow = Omit<Head, 'properties' | 'body'> & { envelope: Buffer };

/** Parked commands. A row is its lane's lock: while there is one, later commands of the lane wait behind it. */
export class Parking {
  /**
   * Parks a command, unless it has an outcome. Resolves once that is durable.
   * @returns false when it has an outcome, and so was not parked
   */
  readonly park: (parked: Parked) => Promise<boolean>;

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly release: string,
    private readonly metrics?: EngineMetrics,
  ) {
    this.park = coalesce(async (parked) => {
      const rows = await this.database.query<{ id: string }>(park, [JSON.stringify(parked.map(row)), worker, release]);
      const settled = new Set(rows.map(({ id }) => id));
      return parked.map(({ envelope, state }) => {
        if (settled.has(envelope.id)) return false;
        metrics?.parked(envelope.context, state);
        return true;
      });
    });
  }

  /** Puts a parked command back after an attempt that failed. It keeps its place. */
  async parkAgain(head: Head, state: ParkedState, error: unknown): Promise<void> {
    const values = [head.id, this.worker, state, ...describedError(error), head.attempts + 1, this.release];
    await this.database.query(parkAgain, values);
    this.metrics?.parked(head.context, state);
  }

  /** Removes the row of a command that has an outcome. */
  async remove(id: string): Promise<void> {
    await this.database.query('delete from platform.parked_commands where id = $1', [id]);
  }

  /** The first parked command of each lane of those partitions. */
  async heads(partitions: readonly { context: string; count: number; n: number }[]): Promise<Head[]> {
    const rows = await this.database.query<HeadRow>(heads, [
      partitions.map(({ context }) => context),
      partitions.map(({ count }) => count),
      partitions.map(({ n }) => n),
    ]);
    return rows.map(opened);
  }

  async headOf(context: string, lane: string): Promise<Head | undefined> {
    const [first] = await this.database.query<HeadRow>(headOf, [context, lane]);
    return first && opened(first);
  }
}

function row({ properties, envelope, state, attempts, error }: Parked, ord: number): Record<string, unknown> {
  const [message, stack] = describedError(error);
  return {
    ord,
    id: envelope.id,
    type: envelope.type,
    context: envelope.context,
    lane: envelope.lane,
    lane_hash: laneHash(envelope.lane),
    resource_id: envelope.resourceId,
    author: envelope.author,
    state,
    envelope: JSON.stringify({ properties, body: envelope.body.toString('base64') }),
    error: message,
    stack,
    attempts,
    accepted_at: envelope.acceptedAt,
  };
}

function opened({ envelope, ...head }: HeadRow): Head {
  const { properties, body } = JSON.parse(envelope.toString('utf8')) as {
    properties: EnvelopeProperties;
    body: string;
  };
  return { ...head, properties, body: Buffer.from(body, 'base64') };
}
