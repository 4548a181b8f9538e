import { eventType, toWire } from '#kernel';

import type { Database, Transaction } from '../database/database.js';
import { logChannel } from '../event-log/log-signal.js';
import { positionOf } from '../event-log/positions.js';
import type { Outcome } from '../messaging/outcome.js';
import type { Rejection } from '../messaging/rejection.js';
import { confidentialCommand, confidentialEvent } from '../privacy/confidential-fields.js';
import { withoutKeys, type KeysOfSubjects, type Privacy } from '../privacy/privacy.js';
import { InlineProjections } from './inline-projections.js';
import type { UnitOfWork } from './unit-of-work.js';

/** `duplicate`: the command had an outcome already, this one. */
export interface Written {
  readonly verdict: 'stored' | 'duplicate';
  readonly outcome: Outcome;
}

/** Units decided on a state that is not the present one any more. */
export class StaleUnits extends Error {
  constructor(readonly units: ReadonlySet<UnitOfWork>) {
    super('decided on a state that has changed since');
  }
}

/** Some of the units have been ended before. */
class CopiesAmongThem extends Error {}

/** An operator has changed the payload of a parked command while its former one was run. */
export class Superseded extends Error {}

// The outcome is claimed before the parked row is: whoever ends a command takes the two in this order.
const inbox = {
  name: 'group_commit_inbox',
  text: `
    with input as materialized (
      select * from json_to_recordset($1) as t(
        id uuid, key_hash text, type text, context text, lane text, resource_id text, author text, fingerprint text,
        payload jsonb, status text, result jsonb, problem jsonb, attempts int, correlation_id text, trace_parent text, accepted_at timestamptz)
    ), fresh as (
      insert into platform.commands (id, key_hash, type, context, lane, resource_id, author, fingerprint, payload, status,
        result, problem, attempts, worker, correlation_id, trace_parent, accepted_at)
      select id, decode(key_hash, 'hex'), type, context, lane, resource_id, author, decode(fingerprint, 'hex'), payload, status,
        result, problem, attempts, $2, correlation_id, trace_parent, accepted_at
      from input order by id
      on conflict do nothing
      returning id
    ), unparked as (
      delete from platform.parked_commands where (select count(*) from fresh) >= 0 and id in (select id from input)
      returning id, edition
    ), closed as (
      delete from platform.attempts where command_id in (select id from input)
    ), unscheduled as (
      delete from platform.scheduled_commands where id in (select id from input)
    )
    select f.id, u.edition, (select era from platform.log) as era, pg_current_xact_id()::text as xid
    from fresh f left join unparked u on u.id = f.id`,
};

const outcomes = {
  name: 'group_commit_stored',
  text: 'select id, status, problem, result, era, xid::text from platform.commands where id = any($1::uuid[])',
};

// Events follow the version before (else a stream could get a hole); an end without events holds only if its stream is
// still at the version that it read. What is stale comes back, and then nothing is inserted.
const append = {
  name: 'group_commit_append',
  text: `
    with stale as materialized (
      select ord from json_to_recordset($1) as d(ord int, stream_type text, stream_id uuid, version int, opens boolean)
      where d.version > 0 and not exists (
          select from platform.events e
          where e.stream_type = d.stream_type and e.stream_id = d.stream_id and e.version = d.version)
        or not d.opens and exists (
          select from platform.events e
          where e.stream_type = d.stream_type and e.stream_id = d.stream_id and e.version = d.version + 1)
    ), appended as (
      insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
      select stream_type, stream_id, version, type, data, metadata, occurred_at
      from json_to_recordset($2) as e(ord int, stream_type text, stream_id uuid, version int, type text, data jsonb,
        metadata jsonb, occurred_at timestamptz)
      where not exists (select from stale)
      order by ord
    )
    select ord from stale`,
};

/** Writes finished units of work in one transaction. */
export class GroupCommit {
  constructor(
    private readonly database: Database,
    private readonly projections: InlineProjections,
    private readonly worker: string,
    private readonly privacy: Privacy = withoutKeys,
  ) {}

  /**
   * Writes all units or none: inbox rows first, then the events of those that are new, then inline read models.
   * @throws StaleUnits, OutcomeUnknown, DatabaseUnavailable, or what the server said
   */
  async write(units: readonly UnitOfWork[]): Promise<ReadonlyMap<UnitOfWork, Written>> {
    const keys = await this.#keys(units);
    try {
      return await this.database.transaction((transaction) => this.#written(transaction, units, keys));
    } catch (error) {
      if (!(error instanceof CopiesAmongThem)) throw error;
    }
    return this.database.transaction((transaction) => this.#writtenOnce(transaction, units, keys));
  }

  /**
   * Takes it that no unit is a copy, so that most statements need not wait for the answer to the one before.
   * @throws CopiesAmongThem
   */
  async #written(
    transaction: Transaction,
    units: readonly UnitOfWork[],
    keys: KeysOfSubjects,
  ): Promise<ReadonlyMap<UnitOfWork, Written>> {
    const claiming = this.#claim(transaction, units, keys);
    const appending = this.#append(transaction, units, keys);
    appending.catch(() => undefined);
    const { place, editions } = await claiming;
    // Whatever is the matter with their events then is the copies' fault.
    if (editions.size < units.length) throw new CopiesAmongThem();
    await appending;
    return new Map(units.map((unit) => [unit, stored(unit, place)]));
  }

  /** The events of those alone that are no copies. */
  async #writtenOnce(
    transaction: Transaction,
    units: readonly UnitOfWork[],
    keys: KeysOfSubjects,
  ): Promise<ReadonlyMap<UnitOfWork, Written>> {
    const { place, editions } = await this.#claim(transaction, units, keys);
    const fresh = units.filter(({ envelope }) => editions.has(envelope.id));
    const written = new Map<UnitOfWork, Written>();
    const copies = units.filter(({ envelope }) => !editions.has(envelope.id));
    if (copies.length > 0) await this.#duplicates(transaction, copies, written, keys);
    for (const unit of fresh) written.set(unit, stored(unit, place));
    await this.#append(transaction, fresh, keys);
    return written;
  }

  /** Inserts the outcomes that are new. @throws Superseded */
  async #claim(
    transaction: Transaction,
    units: readonly UnitOfWork[],
    keys: KeysOfSubjects,
  ): Promise<{ readonly place: Place | undefined; readonly editions: ReadonlyMap<string, number | null> }> {
    const rows = await transaction.query<{ id: string; edition: number | null } & Place>(inbox, [
      `[${units.map((unit) => inboxRow(unit, this.#payload(unit, keys))).join(',')}]`,
      this.worker,
    ]);
    const editions = new Map(rows.map(({ id, edition }) => [id, edition]));
    for (const { envelope } of units)
      if (editions.has(envelope.id) && (editions.get(envelope.id) ?? envelope.edition ?? 0) !== (envelope.edition ?? 0))
        throw new Superseded(`${envelope.id} has another payload by now`);
    return { place: rows[0], editions };
  }

  /** Which of the commands have an outcome. */
  async outcomes(ids: readonly string[]): Promise<Map<string, Outcome>> {
    return outcomesOf(await this.database.query<StoredOutcome>(outcomes, [ids]));
  }

  /** Their id is stored: a copy. It is not: another command won the key, and this one is recorded as refused. */
  async #duplicates(
    transaction: Transaction,
    units: readonly UnitOfWork[],
    written: Map<UnitOfWork, Written>,
    keys: KeysOfSubjects,
  ): Promise<void> {
    const byId = outcomesOf(
      await transaction.query<StoredOutcome>(outcomes, [units.map(({ envelope }) => envelope.id)]),
    );
    const reused: UnitOfWork[] = [];
    for (const unit of units) {
      const outcome = byId.get(unit.envelope.id);
      if (outcome) written.set(unit, { verdict: 'duplicate', outcome });
      else reused.push(unit);
    }
    if (reused.length === 0) return;
    const problem: Rejection = {
      kind: 'key_reused',
      reason: 'idempotency_key_reused',
      detail: 'the Idempotency-Key has been used with another request: send a new key',
    };
    const outcome: Outcome = { status: 'rejected', problem, result: null };
    const rows = reused.map((unit) =>
      inboxRow(
        { envelope: { ...unit.envelope, keyHash: undefined }, attempts: unit.attempts, outcome },
        this.#payload(unit, keys),
      ),
    );
    await transaction.query(inbox, [`[${rows.join(',')}]`, this.worker]);
    for (const unit of reused) written.set(unit, { verdict: 'duplicate', outcome });
  }

  /** Keys of the people whom the units are about, made where there are none yet: before the transaction, which may fail. */
  async #keys(units: readonly UnitOfWork[]): Promise<KeysOfSubjects> {
    const subjects = units.flatMap((unit) => [...subjectOfCommand(unit), ...unit.events.flatMap(subjectOfEvent)]);
    return subjects.length > 0 ? this.privacy.keysOf(subjects) : none;
  }

  /** The journal's payload: JSON text, or undefined where the message is none that could be read. */
  #payload(unit: UnitOfWork, keys: KeysOfSubjects): string | undefined {
    // A message that was refused as invalid may be no JSON at all.
    if (unit.rejection?.kind === 'invalid') return undefined;
    const { type, body } = unit.envelope;
    const text = body.toString('utf8');
    return confidentialCommand(type) ? JSON.stringify(this.privacy.journalled(type, wireOf(text), keys)) : text;
  }

  async #append(transaction: Transaction, fresh: readonly UnitOfWork[], keys: KeysOfSubjects): Promise<void> {
    const decided: string[] = [];
    const events: string[] = [];
    fresh.forEach((unit, ord) => {
      const { stream } = unit;
      if (!stream) return;
      const key = { ord, stream_type: stream.type.streamType, stream_id: stream.id };
      if (stream.version > 0 || unit.events.length === 0)
        decided.push(JSON.stringify({ ...key, version: stream.version, opens: unit.events.length > 0 }));
      const metadata = {
        command_id: unit.envelope.id,
        correlation_id: unit.envelope.correlationId,
        actor: unit.envelope.author,
        trace_parent: unit.envelope.traceParent,
      };
      unit.events.forEach((event, index) => {
        const { name, private: isPrivate } = eventType(event.constructor);
        events.push(
          JSON.stringify({
            ...key,
            version: stream.version + 1 + index,
            type: name,
            data: this.privacy.sealEvent(name, toWire(event), keys),
            metadata: isPrivate ? { ...metadata, private: true } : metadata,
            occurred_at: unit.now,
          }),
        );
      });
    });
    if (decided.length === 0 && events.length === 0) return;
    const appending = transaction.query<{ ord: number }>(append, [`[${decided.join(',')}]`, `[${events.join(',')}]`]);
    const changing = this.projections.read(
      transaction,
      fresh.flatMap((unit) =>
        unit.stream && unit.events.length > 0
          ? [{ streamId: unit.stream.id, version: unit.stream.version, events: withMeta(unit, unit.stream.version) }]
          : [],
      ),
    );
    changing.catch(() => undefined);
    const stale = await appending;
    if (events.length > 0) transaction.notify(logChannel);
    if (stale.length > 0) throw new StaleUnits(new Set(stale.map(({ ord }) => fresh[ord] as UnitOfWork)));
    await (
      await changing
    )();
    const forgotten = fresh.flatMap((unit) => unit.events.flatMap(forgottenBy));
    if (forgotten.length > 0) await this.privacy.forget(transaction, forgotten);
  }
}

/** What one transaction writes stands in one place. */
interface Place {
  readonly era: number | null;
  readonly xid: string | null;
}

type StoredOutcome = Outcome & Place & { readonly id: string };

const positionAt = (place: Place | undefined): Pick<Outcome, 'position'> =>
  place?.xid && place.era !== null ? { position: positionOf(place.era, place.xid) } : {};

const stored = (unit: UnitOfWork, place: Place | undefined): Written => ({
  verdict: 'stored',
  outcome: { ...unit.outcome, ...positionAt(place) },
});

const outcomesOf = (rows: readonly StoredOutcome[]): Map<string, Outcome> =>
  new Map(rows.map(({ id, era, xid, ...outcome }) => [id, { ...outcome, ...positionAt({ era, xid }) }]));

const withMeta = (unit: UnitOfWork, version: number) =>
  unit.events.map((event, index) => ({
    event,
    meta: { version: version + 1 + index, occurredAt: unit.now, actor: unit.envelope.author },
  }));

const none: KeysOfSubjects = new Map();

const wireOf = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

function subjectOfCommand({ envelope, rejection }: UnitOfWork): string[] {
  const confidential = confidentialCommand(envelope.type);
  if (!confidential || confidential.personal.length === 0 || rejection?.kind === 'invalid') return [];
  return [wireOf(envelope.body.toString('utf8'))[confidential.subject] as string];
}

function subjectOfEvent(event: object): string[] {
  const { name, subjectField } = eventType(event.constructor);
  const personal = confidentialEvent(name)?.personal ?? [];
  return personal.length > 0 ? [event[subjectField as keyof object]] : [];
}

function forgottenBy(event: object): string[] {
  const { forgets, subjectField } = eventType(event.constructor);
  return forgets ? [event[subjectField as keyof object]] : [];
}

/** The payload is JSON text already: parsing it only to print it again would cost more than the rest of the row. */
function inboxRow(
  { envelope, outcome, attempts }: Pick<UnitOfWork, 'envelope' | 'outcome' | 'attempts'>,
  payload: string | undefined,
): string {
  const row = JSON.stringify({
    id: envelope.id,
    key_hash: envelope.keyHash?.toString('hex'),
    type: envelope.type,
    context: envelope.context,
    lane: envelope.lane,
    resource_id: envelope.resourceId,
    author: envelope.author,
    fingerprint: envelope.fingerprint?.toString('hex'),
    status: outcome.status,
    result: outcome.result ?? undefined,
    problem: outcome.problem ?? undefined,
    attempts,
    correlation_id: envelope.correlationId,
    trace_parent: envelope.traceParent,
    accepted_at: envelope.acceptedAt,
  });
  return payload === undefined ? row : `${row.slice(0, -1)},"payload":${payload}}`;
}
