import { isUUID } from 'class-validator';

import { coalesce } from '../database/coalesce.js';
import type { Database } from '../database/database.js';
import { laneHash, type Envelope, type EnvelopeProperties } from '../messaging/envelope.js';
import type { EngineMetrics } from '../observability/engine-metrics.js';
import { packedMessage, unpackedMessage, type ParkedMessage } from '../operations/parked-bytes.js';
import { confidentialCommand } from '../privacy/confidential-fields.js';
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
  /** For `retrying`: seconds until the next attempt. */
  readonly delay?: number;
  /** If its lane has no room behind its head, it is not parked. */
  readonly crowded?: boolean;
}

/**
 * What became of a command that was to be parked. `settled`: it has an outcome, and was not parked; `full`: too many wait
 * in its lane.
 */
export type ParkedAs = 'parked' | 'settled' | 'full';

/** An attempt at a parked command that failed. */
export interface Failure {
  readonly state: ParkedState;
  readonly error: unknown;
  /** How often its handler was run. */
  readonly tries: number;
  /** For `retrying`: seconds until the next attempt. */
  readonly delay?: number;
}

/** So many commands may wait behind the first parked one of their lane. */
export const mostBehind = 1_000;

/** The first parked command of a lane. */
export interface Head {
  readonly context: string;
  readonly lane: string;
  readonly id: string;
  readonly state: ParkedState;
  readonly type: string;
  readonly attempts: number;
  /** How many delayed attempts there have been, or are planned. */
  readonly delayed: number;
  /** Counts what operators did to it. */
  readonly revision: number;
  /** Counts how often an operator changed its payload. */
  readonly edition: number;
  readonly acceptedAt: Date;
  readonly due: boolean;
  /** Behind it are commands whose deadline is over. */
  readonly expired: boolean;
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
        resource_id text, author text, state text, envelope text, error text, stack text, attempts int, accepted_at timestamptz,
        delay float8, deadline timestamptz, crowded boolean, subject uuid)
    ), settled as (
      select c.id from platform.commands c where c.id in (select id from input)
    ), refused as (
      select i.id from input i
      where i.crowded and not exists (select from settled s where s.id = i.id)
        and not exists (select from platform.parked_commands p where p.id = i.id)
        and (select count(*) from (
          select from platform.parked_commands p where p.context = i.context and p.lane = i.lane limit ${mostBehind + 1}
        ) as before) > ${mostBehind}
    ), parked as (
      insert into platform.parked_commands (id, type, context, lane, lane_hash, resource_id, author, state, envelope, error,
        stack, attempts, release, accepted_at, next_attempt_at, delayed, deadline, subject)
      select id, type, context, lane, lane_hash, resource_id, author, state, convert_to(envelope, 'UTF8'), error, stack, attempts,
        $3, accepted_at, now() + make_interval(secs => delay), case when delay is null then 0 else 1 end, deadline, subject
      from input where id not in (select id from settled union all select id from refused)
      order by ord
      on conflict (id) do nothing
    ), closed as (
      delete from platform.attempts
      where process = $2 and command_id in (select id from input) or command_id in (select id from settled)
    )
    select id, 'settled' as parked_as from settled union all select id, 'full' from refused`,
};

// An operator's word that came meanwhile stands: then only the attempt ends.
const parkAgain = {
  name: 'parking_park_again',
  text: `
    with closed as (delete from platform.attempts where process = $2 and command_id = $1)
    update platform.parked_commands
    set state = $3, error = $4, stack = $5, attempts = attempts + $6, release = $7,
      next_attempt_at = now() + make_interval(secs => $8), delayed = delayed + case when $8::float8 is null then 0 else 1 end
    where id = $1 and revision = $9`,
};

const headColumns = `p.context, p.lane, p.id, p.state, p.type, p.attempts, p.delayed, p.revision, p.edition,
  p.accepted_at as "acceptedAt", p.envelope, coalesce(p.next_attempt_at <= now(), true) as due,
  exists (select from platform.parked_commands b where b.context = p.context and b.lane = p.lane and b.state = 'blocked'
    and b.deadline <= now() and b.seq > p.seq) as expired,
  exists (select from platform.commands c where c.id = p.id) as settled`;

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

const expired = {
  name: 'parking_expired',
  text: `
    select p.envelope from platform.parked_commands p
    where p.context = $1 and p.lane = $2 and p.state = 'blocked' and p.deadline <= now() order by p.seq limit 100`,
};

type HeadRow = Omit<Head, 'properties' | 'body'> & { envelope: Buffer };

/** Parked commands. A row is its lane's lock: while there is one, later commands of the lane wait behind it. */
export class Parking {
  /**
   * Parks a command, unless it has an outcome: then whatever is on record of its attempts has no meaning any more. Resolves
   * once that is durable.
   */
  readonly park: (parked: Parked) => Promise<ParkedAs>;

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly release: string,
    private readonly metrics?: EngineMetrics,
  ) {
    this.park = coalesce(async (parked) => {
      const values = [JSON.stringify(parked.map(row)), worker, release];
      const rows = await this.database.query<{ id: string; parked_as: ParkedAs }>(park, values);
      const others = new Map(rows.map(({ id, parked_as: parkedAs }) => [id, parkedAs]));
      return parked.map(({ envelope, state }) => {
        const parkedAs = others.get(envelope.id) ?? 'parked';
        if (parkedAs === 'parked') metrics?.parked(envelope.context, state);
        return parkedAs;
      });
    });
  }

  /** Puts a parked command back after an attempt that failed. It keeps its place. */
  async parkAgain(head: Head, { state, error, tries, delay }: Failure): Promise<void> {
    const [message, stack] = describedError(error);
    const values = [head.id, this.worker, state, message, stack, tries, this.release, delay ?? null, head.revision];
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

  /** Commands of the lane that wait behind its head, though their deadline is over. */
  async expired(context: string, lane: string): Promise<ParkedMessage[]> {
    const rows = await this.database.query<{ envelope: Buffer }>(expired, [context, lane]);
    return rows.map(({ envelope }) => unpackedMessage(envelope));
  }
}

function row(
  { properties, envelope, state, attempts, error, delay, crowded }: Parked,
  ord: number,
): Record<string, unknown> {
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
    envelope: packedMessage({ properties, body: envelope.body }),
    error: message,
    stack,
    attempts,
    accepted_at: envelope.acceptedAt,
    delay,
    deadline: envelope.deadline,
    crowded,
    subject: subjectOf(envelope),
  };
}

/** Whom the command is about, so that it ends when that person is forgotten. */
function subjectOf({ type, body }: Envelope): string | undefined {
  const confidential = confidentialCommand(type);
  if (!confidential) return undefined;
  try {
    const { [confidential.subject]: subject } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return isUUID(subject) ? String(subject) : undefined;
  } catch {
    return undefined;
  }
}

const opened = ({ envelope, ...head }: HeadRow): Head => ({ ...head, ...unpackedMessage(envelope) });
