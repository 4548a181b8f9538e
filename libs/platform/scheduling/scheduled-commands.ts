import { coalesce } from '../database/coalesce.js';
import type { Database, Transaction } from '../database/database.js';
import type { Envelope } from '../messaging/envelope.js';
import { acting } from '../operations/not-done.js';
import { record, type Operator } from '../operations/operator-actions.js';
import { confidentialCommand } from '../privacy/confidential-fields.js';

/** A command that waits for its time. */
export interface ScheduledCommand {
  readonly id: string;
  readonly type: string;
  readonly context: string;
  readonly lane: string;
  readonly author: string;
  readonly due_at: Date;
  readonly scheduled_at: Date;
  readonly payload: Record<string, unknown>;
}

interface Row extends Omit<ScheduledCommand, 'payload'> {
  readonly roles: string[];
  readonly resource_id: string;
  readonly correlation_id: string;
  readonly trace_parent: string | null;
  readonly source_stream: string | null;
  readonly source_version: number | null;
  readonly payload: Buffer;
}

/** The event that had a command scheduled: what an earlier one of its stream says counts no more. */
export interface Source {
  readonly stream: string;
  readonly version: number;
}

/** What is not to be sent now, however long it has been due. */
export interface LeftOut {
  readonly ids: readonly string[];
  readonly contexts: readonly string[];
}

const nothing: LeftOut = { ids: [], contexts: [] };

/** What became of a wish to cancel. `too_late`: it has been sent, or has an outcome. */
export type Cancelled = 'cancelled' | 'too_late' | 'unknown';

const insert = {
  name: 'scheduled_commands_insert',
  text: `
    insert into platform.scheduled_commands
      (id, type, context, lane, resource_id, author, roles, payload, correlation_id, trace_parent, due_at,
        source_stream, source_version, subject)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
    where not exists (select from platform.commands where id = $1)
    on conflict (id) do nothing
    returning id`,
};

// Through the inbox, like every end: if the command has an outcome already, the insert finds it, and it is too late. A copy
// that is in a queue by now is recognised there. As workers do, it claims all outcomes, in the order of their ids, before it
// locks a row: counting them has the insert run first. The other way round, one would wait for the other in a circle.
const discard = (which: string): string => `
  with victims as (
    select * from platform.scheduled_commands where ${which}
  ), discarded as (
    insert into platform.commands (id, type, context, lane, resource_id, author, payload, status, attempts,
      correlation_id, trace_parent, accepted_at)
    select id, type, context, lane, resource_id, author, platform.without_sealed(convert_from(payload, 'UTF8')::jsonb), 'discarded', 0,
      correlation_id, trace_parent, scheduled_at
    from victims order by id
    on conflict do nothing
    returning id
  ), gone as (
    delete from platform.scheduled_commands where id in (select id from victims) and (select count(*) from discarded) >= 0
  )
  select v.id, d.id is not null as cancelled from victims v left join discarded d on d.id = v.id`;

/** A copy of an old event must not undo what a newer one of its stream has scheduled. */
const notNewer = (stream: string, version: string): string =>
  `(source_stream is distinct from ${stream} or source_version is null or source_version <= ${version})`;

const cancelOne = { name: 'scheduled_commands_cancel', text: discard('id = $1') };
const cancelAll = {
  name: 'scheduled_commands_cancel_all',
  text: discard(`exists (
    select from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as w(type, lane, stream, version)
    where scheduled_commands.type = w.type and scheduled_commands.lane = w.lane and ${notNewer('w.stream', 'w.version')})`),
};
const cancelOthers = {
  name: 'scheduled_commands_cancel_others',
  text: discard(`type = $1 and lane = $2 and id <> $3 and ${notNewer('$4', '$5::int')}`),
};

const due = {
  name: 'scheduled_commands_due',
  text: `
    select id, type, context, lane, resource_id, author, roles, payload, correlation_id, trace_parent, due_at, scheduled_at
    from platform.scheduled_commands
    where due_at <= now() and published_at is null and id <> all($2::uuid[]) and context <> all($3::text[])
    order by due_at, seq
    limit $1`,
};

const published = {
  name: 'scheduled_commands_published',
  text: 'update platform.scheduled_commands set published_at = now() where id = any($1::uuid[])',
};

const next = {
  name: 'scheduled_commands_next',
  text: `
    select extract(epoch from min(due_at) - now())::float8 as seconds
    from platform.scheduled_commands
    where published_at is null and id <> all($1::uuid[]) and context <> all($2::text[])`,
};

/**
 * Commands that are to be sent at a time. A row holds no place in its lane: the command takes it when it is sent. The row
 * goes with the command's outcome.
 */
export class ScheduledCommands {
  /** Cancels all of a type and lane that have not been sent, but for what later events of the source have scheduled. */
  readonly cancelAll: (scheduled: {
    readonly type: string;
    readonly lane: string;
    readonly source: Source;
  }) => Promise<void>;

  /** It has been handed to the broker. */
  readonly published: (id: string) => Promise<void>;

  constructor(private readonly database: Database) {
    this.published = coalesce(async (ids) => {
      await database.query(published, [ids]);
      return ids.map(() => undefined);
    });
    this.cancelAll = coalesce(async (scheduled) => {
      await database.query(cancelAll, [
        scheduled.map(({ type }) => type),
        scheduled.map(({ lane }) => lane),
        scheduled.map(({ source }) => source.stream),
        scheduled.map(({ source }) => source.version),
      ]);
      return scheduled.map(() => undefined);
    });
  }

  /** Schedules it, unless it has been before, instead of the others of its type and lane. */
  async schedule(envelope: Envelope, at: Date, source: Source): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (!(await this.#insert(transaction, envelope, at, source))) return;
      await transaction.query(cancelOthers, [envelope.type, envelope.lane, envelope.id, source.stream, source.version]);
    });
  }

  /** Ends it as discarded, so that it is never sent, and keeps who wanted that. */
  cancel(id: string, operator: Operator): Promise<Cancelled> {
    return acting(this.database, async (transaction) => {
      const { row, cancelled } = await this.#discard(transaction, id);
      if (!row) return 'unknown';
      if (!cancelled) return 'too_late';
      await record(transaction, operator, {
        action: 'cancel',
        subject: 'scheduled_command',
        subjectId: id,
        before: standing(row),
        after: { status: 'discarded' },
      });
      return 'cancelled';
    });
  }

  /**
   * Moves it to another time, under a new id: what is under way under the old one has no effect any more. Doing it again
   * makes no second one. Keeps who wanted that.
   */
  move(id: string, newId: string, at: Date, operator: Operator): Promise<Cancelled> {
    return acting(this.database, async (transaction) => {
      const { row, cancelled } = await this.#discard(transaction, id);
      if (!row || !cancelled) {
        const moved = (await transaction.query(one, [newId])).length > 0;
        return moved ? 'cancelled' : row ? 'too_late' : 'unknown';
      }
      const source = row.source_stream ? { stream: row.source_stream, version: row.source_version ?? 0 } : undefined;
      await this.#insert(transaction, { ...envelopeOf(row), id: newId }, at, source);
      await record(transaction, operator, {
        action: 'move',
        subject: 'scheduled_command',
        subjectId: id,
        before: standing(row),
        after: { ...standing(row), id: newId, due_at: at },
      });
      return 'cancelled';
    });
  }

  /** What is due and has not been sent, the longest due first. */
  async due(limit: number, { ids, contexts }: LeftOut = nothing): Promise<Envelope[]> {
    return (await this.database.query<Row>(due, [limit, ids, contexts])).map(envelopeOf);
  }

  /** Milliseconds until the next one is due; undefined when there is none. */
  async untilNext({ ids, contexts }: LeftOut = nothing): Promise<number | undefined> {
    const [row] = await this.database.query<{ seconds: number | null }>(next, [ids, contexts]);
    return row?.seconds === null || row?.seconds === undefined ? undefined : row.seconds * 1_000;
  }

  /** @returns how it stood, if there was one, and whether it ends hereby */
  async #discard(transaction: Transaction, id: string): Promise<{ row: Row | undefined; cancelled: boolean }> {
    const [row] = await transaction.query<Row>(one, [id]);
    const [outcome] = await transaction.query<{ cancelled: boolean }>(cancelOne, [id]);
    return { row, cancelled: outcome?.cancelled ?? false };
  }

  /** @returns false when it has been scheduled, or has an outcome */
  async #insert(transaction: Transaction, envelope: Envelope, at: Date, source?: Source): Promise<boolean> {
    const inserted = await transaction.query(insert, [
      envelope.id,
      envelope.type,
      envelope.context,
      envelope.lane,
      envelope.resourceId,
      envelope.author,
      envelope.roles,
      envelope.body,
      envelope.correlationId,
      envelope.traceParent,
      at,
      source?.stream,
      source?.version,
      subjectOf(envelope),
    ]);
    return inserted.length > 0;
  }
}

/** Whom the command is about, so that it ends when that person is forgotten. */
function subjectOf({ type, body }: Envelope): unknown {
  const confidential = confidentialCommand(type);
  return confidential && (JSON.parse(body.toString('utf8')) as Record<string, unknown>)[confidential.subject];
}

const one = {
  name: 'scheduled_commands_one',
  text: `
    select id, type, context, lane, resource_id, author, roles, payload, correlation_id, trace_parent, due_at, scheduled_at,
      source_stream, source_version
    from platform.scheduled_commands where id = $1`,
};

/** What an operator's action shows of it: its payload stands in the journal. */
const standing = ({ id, type, lane, due_at }: Row): Record<string, unknown> => ({ id, type, lane, due_at });

const envelopeOf = (row: Row): Envelope => ({
  id: row.id,
  type: row.type,
  context: row.context,
  lane: row.lane,
  resourceId: row.resource_id,
  author: row.author,
  roles: row.roles,
  // It means what it says at the time for which it was scheduled, however late it is sent; one for a time that was over
  // is meant when it is scheduled.
  acceptedAt: new Date(Math.max(row.due_at.getTime(), row.scheduled_at.getTime())),
  correlationId: row.correlation_id,
  traceParent: row.trace_parent ?? undefined,
  body: row.payload,
});
