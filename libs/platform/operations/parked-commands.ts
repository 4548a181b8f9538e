import { commandNamed, decode, laneOf, toWire } from '#kernel';

import { alive } from '../database/alive.js';
import type { Database, Transaction } from '../database/database.js';
import type { Envelope, EnvelopeSeal } from '../messaging/envelope.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import { acting, NotDone } from './not-done.js';
import { record, type Operator } from './operator-actions.js';
import { packedMessage, unpackedMessage } from './parked-bytes.js';

/** How a parked command stands after an action, or how its attempts have gone. */
export interface Standing {
  readonly state: string;
  readonly attempts: number;
  readonly version: number;
}

/** Which parked commands are meant. */
export interface ParkedFilter {
  readonly state?: string;
  readonly type?: string;
  readonly context?: string;
  readonly lane?: string;
  /** Part of its error, in whatever case. */
  readonly error?: string;
}

interface Row extends Standing {
  readonly context: string;
  readonly lane: string;
  readonly type: string;
  readonly envelope: Buffer;
  readonly head: string;
  readonly ended: boolean;
  readonly person: string | null;
}

const columns = `p.context, p.lane, p.type, p.state, p.attempts, p.revision as version, p.envelope, p.subject as person,
  (select h.id from platform.parked_commands h where h.context = p.context and h.lane = p.lane
    order by h.seq limit 1) as head,
  exists (select from platform.commands c where c.id = p.id) as ended`;

const seen = {
  name: 'parked_commands_seen',
  text: `select ${columns} from platform.parked_commands p where p.id = $1`,
};
const locked = { name: 'parked_commands_locked', text: `${seen.text} for update of p` };

const outcome = { name: 'parked_commands_outcome', text: 'select status from platform.commands where id = $1' };

const retry = {
  name: 'parked_commands_retry',
  text: `
    update platform.parked_commands p
    set state = 'retrying', next_attempt_at = null, delayed = 0, revision = revision + 1,
      envelope = coalesce($2, envelope), edition = edition + case when $2::bytea is null then 0 else 1 end
    where p.id = $1
    returning p.state, p.attempts, p.revision as version`,
};

// Deaths are forgiven; an attempt that a living process is at may still become one.
const forgive = {
  name: 'parked_commands_forgive',
  text: `
    delete from platform.attempts a
    where a.command_id = $1 and not exists (select from platform.workers w where w.id = a.process and ${alive('w')})`,
};

const claim = {
  name: 'parked_commands_claim',
  text: `
    insert into platform.commands (id, key_hash, type, context, lane, resource_id, author, fingerprint, payload, status,
      attempts, correlation_id, trace_parent, accepted_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, platform.without_sealed($9::jsonb), 'discarded', $10, $11, $12, $13)
    on conflict do nothing
    returning id`,
};

const remove = {
  name: 'parked_commands_remove',
  text: `delete from platform.parked_commands where id = $1 returning revision as version, attempts, state, envelope, subject as person`,
};

const close = { name: 'parked_commands_close', text: 'delete from platform.attempts where command_id = $1' };

const candidates = {
  name: 'parked_commands_candidates',
  text: `
    select id from platform.parked_commands
    where state = $1 and ($2::text is null or type = $2) and ($3::text is null or context = $3)
      and ($4::text is null or lane = $4) and ($5::text is null or position(lower($5) in lower(error)) > 0)
    order by seq limit $6`,
};

const standing = ({ state, attempts, version }: Standing) => ({ state, attempts, version });

/**
 * What operators do to parked commands. The rows are the same that the lanes' tasks work on: whatever a worker does at the
 * same time, a command has one outcome, and an action that came too late says so.
 */
export class ParkedCommands {
  constructor(
    private readonly database: Database,
    private readonly seal: EnvelopeSeal,
    private readonly privacy: Privacy = withoutKeys,
  ) {}

  /**
   * Has it run again, as soon as its lane's worker looks, with all its delayed attempts before it.
   * @param expected the version that the operator has seen
   * @throws NotDone
   */
  retry(id: string, operator: Operator, expected?: number): Promise<Standing> {
    return acting(this.database, async (transaction) => {
      const row = await this.#head(transaction, id, expected);
      const after = await this.#again(transaction, id);
      const action = { action: 'retry', subject: 'parked_command', subjectId: id } as const;
      await record(transaction, operator, { ...action, before: standing(row), after: standing(after) });
      return after;
    });
  }

  /**
   * Has it run again with another payload: under its own id, for the same aggregate, in the name of its author. If its
   * former payload is being run at that moment, that run comes to nothing.
   * @throws NotDone, and InvalidMessage when the payload is none of its type
   */
  edit(id: string, payload: unknown, operator: Operator, expected?: number): Promise<Standing> {
    return acting(this.database, async (transaction) => {
      const row = await this.#head(transaction, id, expected);
      const envelope = this.#genuine(row);
      if (!envelope) throw new NotDone('unverified');
      const known = commandNamed(row.type);
      if (!known) throw new NotDone('type_unknown');
      const command = decode(known.type, isObject(payload) ? this.privacy.openCommand(known.name, payload) : payload);
      if (laneOf(command) !== row.lane) throw new NotDone('lane_changed');
      const body = Buffer.from(JSON.stringify(this.privacy.sealCommand(known.name, toWire(command))));
      const properties = this.seal.seal({ ...envelope, body });
      const edited = Buffer.from(packedMessage({ properties, body }));
      const after = await this.#again(transaction, id, edited);
      await record(transaction, operator, {
        action: 'edit',
        subject: 'parked_command',
        subjectId: id,
        before: standing(row),
        after: standing(after),
        envelopeBefore: row.envelope,
        envelopeAfter: edited,
        person: row.person ?? undefined,
      });
      return after;
    });
  }

  /**
   * Ends it with the status `discarded`; its lane goes on without it. What nobody here can verify leaves no status: it
   * would be another's, had it been forged.
   * @throws NotDone
   */
  discard(id: string, operator: Operator, expected?: number): Promise<void> {
    return acting(this.database, async (transaction) => {
      // Not locked: the outcome is claimed before the parked row, as workers do.
      const [row] = await transaction.query<Row>(seen, [id]);
      if (!row || row.ended) throw await this.#gone(transaction, id);
      const envelope = this.#genuine(row);
      if (envelope && !(await this.#claimed(transaction, envelope, row.attempts))) throw new NotDone('ended');
      const [removed] = await transaction.query<Row>(remove, [id]);
      if (!removed) throw await this.#gone(transaction, id);
      if (expected !== undefined && removed.version !== expected) throw new NotDone('changed');
      await transaction.query(close, [id]);
      await record(transaction, operator, {
        action: 'discard',
        subject: 'parked_command',
        subjectId: id,
        before: standing(removed),
        after: { state: 'discarded' },
        envelopeBefore: removed.envelope,
        person: removed.person ?? undefined,
      });
    });
  }

  /** Commands that may be retried, those parked first before the others. */
  async candidates({ state = 'dead', type, context, lane, error }: ParkedFilter, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(candidates, [state, type, context, lane, error, limit]);
    return rows.map(({ id }) => id);
  }

  /** Its outcome's status, or how it stands while it is parked; undefined when it is neither. */
  async standing(id: string): Promise<Standing | string | undefined> {
    const [row] = await this.database.query<Row>(seen, [id]);
    if (row && !row.ended) return standing(row);
    const [end] = await this.database.query<{ status: string }>(outcome, [id]);
    return end?.status;
  }

  #genuine({ envelope }: Pick<Row, 'envelope'>): Envelope | undefined {
    const { properties, body } = unpackedMessage(envelope);
    const opened = this.seal.open(properties, body);
    return opened.kind === 'genuine' ? opened.envelope : undefined;
  }

  /** Its row, which nobody else can change until the transaction ends. */
  async #head(transaction: Transaction, id: string, expected: number | undefined): Promise<Row> {
    const [row] = await transaction.query<Row>(locked, [id]);
    if (!row || row.ended) throw await this.#gone(transaction, id);
    if (expected !== undefined && row.version !== expected) throw new NotDone('changed');
    if (row.state === 'blocked') throw new NotDone('waits', row.head);
    return row;
  }

  async #gone(transaction: Transaction, id: string): Promise<NotDone> {
    return new NotDone((await transaction.query(outcome, [id])).length > 0 ? 'ended' : 'unknown');
  }

  async #again(transaction: Transaction, id: string, edited?: Buffer): Promise<Standing> {
    const [after] = await transaction.query<Standing>(retry, [id, edited]);
    await transaction.query(forgive, [id]);
    return after as Standing;
  }

  /** @returns false when it has an outcome already */
  async #claimed(transaction: Transaction, envelope: Envelope, attempts: number): Promise<boolean> {
    const row = (keyHash: Buffer | undefined): unknown[] => [
      envelope.id,
      keyHash,
      envelope.type,
      envelope.context,
      envelope.lane,
      envelope.resourceId,
      envelope.author,
      envelope.fingerprint,
      json(envelope.body),
      attempts,
      envelope.correlationId,
      envelope.traceParent,
      envelope.acceptedAt,
    ];
    if ((await transaction.query(claim, row(envelope.keyHash))).length > 0) return true;
    if ((await transaction.query(outcome, [envelope.id])).length > 0) return false;
    // Another command has won its key.
    return (await transaction.query(claim, row(undefined))).length > 0;
  }
}

/** A payload that was refused as no JSON is not kept. */
function json(body: Buffer): string | undefined {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
