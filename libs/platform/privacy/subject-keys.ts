import { createSecretKey, randomBytes } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Statement, Transaction } from '../database/database.js';
import { SealingKey, type Sealing } from './sealing.js';

const idPrefix = 'subject.';

/** Id of the key that seals what is about a person. */
const subjectKeyId = (subject: string): string => `${idPrefix}${subject}`;

/** Whose key that is, by its id; undefined for one of the installation's own. */
export const subjectOfKey = (id: string): string | undefined =>
  id.startsWith(idPrefix) ? id.slice(idPrefix.length) : undefined;

const purpose = 'subject key';

const make = {
  name: 'subject_keys_make',
  text: `
    insert into platform.subject_keys (subject, key)
    select * from unnest($1::uuid[], $2::text[]) as k(subject, key) order by subject
    on conflict (subject) do nothing`,
};

const find = {
  name: 'subject_keys_find',
  text: 'select subject, key from platform.subject_keys where subject = any($1::uuid[])',
};

// What waits for its turn is about the person too: it ends with the key. Through the inbox, like every end.
const forget = {
  name: 'subject_keys_forget',
  text: `
    with forgotten as (
      insert into platform.subject_keys (subject, key, forgotten_at)
      select subject, null, now() from unnest($1::uuid[]) as s(subject) order by subject
      on conflict (subject) do update set key = null, forgotten_at = coalesce(subject_keys.forgotten_at, now())
    ), kept as (
      update platform.operator_actions set envelope_before = null, envelope_after = null where person = any($1::uuid[])
    ), parked as (
      delete from platform.parked_commands where subject = any($1::uuid[])
      returning id, type, context, lane, resource_id, author, attempts, accepted_at
    ), scheduled as (
      delete from platform.scheduled_commands where subject = any($1::uuid[])
      returning id, type, context, lane, resource_id, author, 0 as attempts, scheduled_at as accepted_at
    )
    insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
    select id, type, context, lane, resource_id, author, 'discarded', attempts, accepted_at
    from (select * from parked union all select * from scheduled) as waiting
    order by id
    on conflict do nothing`,
};

/** Where the keys are: whatever runs a statement by itself. */
export interface KeyStore {
  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/**
 * A key for each person. What is sealed with it can be read as long as it is there; it is taken away once, and never comes
 * back. A process may go on reading for a minute after another one has forgotten.
 */
export class SubjectKeys {
  readonly #known = new LRUCache<string, SealingKey>({ max: 10_000, ttl: 60_000 });

  constructor(
    private readonly database: KeyStore,
    private readonly sealing: Sealing,
  ) {}

  /** The keys of these people, made where there are none yet. Who is forgotten is not among them. */
  async ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, SealingKey>> {
    const unknown = [...new Set(subjects)].filter((subject) => !this.#known.has(subject));
    if (unknown.length > 0) {
      const fresh = unknown.map(() => this.sealing.seal(randomBytes(32).toString('base64url'), purpose));
      await this.database.query(make, [unknown, fresh]);
    }
    return this.find(subjects);
  }

  /** The keys of these people that there are. */
  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, SealingKey>> {
    const found = new Map<string, SealingKey>();
    const unknown: string[] = [];
    for (const subject of new Set(subjects)) {
      const key = this.#known.get(subject);
      if (key) found.set(subject, key);
      else unknown.push(subject);
    }
    if (unknown.length === 0) return found;
    const rows = await this.database.query<{ subject: string; key: string | null }>(find, [unknown]);
    for (const { subject, key } of rows) {
      if (key === null) continue;
      const bytes = Buffer.from(this.sealing.open(key, purpose) as string, 'base64url');
      const opened = new SealingKey(subjectKeyId(subject), createSecretKey(bytes));
      this.#known.set(subject, opened);
      found.set(subject, opened);
    }
    return found;
  }

  /** Takes the keys away, and ends what waits for its turn and is about these people. */
  async forget(transaction: Transaction, subjects: readonly string[]): Promise<void> {
    await transaction.query(forget, [subjects]);
    for (const subject of subjects) this.#known.delete(subject);
  }
}
