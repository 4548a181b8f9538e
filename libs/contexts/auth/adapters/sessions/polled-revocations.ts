import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import type { VerifiedToken } from '#platform/auth/authenticated-user.js';
import { Revocations } from '#platform/auth/revocations.js';
import { Database } from '#platform/database/database.js';
import { isInfrastructure } from '#platform/database/errors.js';

import { isOfNow } from '../../read-models/good-session.js';

/** Milliseconds between two looks. */
const pause = 2_000;

interface Row {
  readonly kind: 'session' | 'deactivated' | 'gone' | 'roles';
  readonly id: string;
  readonly roles: readonly string[] | null;
}

interface Revoked {
  readonly sessions: ReadonlySet<string>;
  /** Accounts that may come back: their sessions do not. */
  readonly deactivated: ReadonlySet<string>;
  /** Accounts and service clients that are over for good. */
  readonly gone: ReadonlySet<string>;
  /** What was granted to those who have lost a role lately. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

// No access token is good for more than half an hour, and none is issued in a session that is over. What an account lost is
// dated by the acceptance of a command, which may have had to wait: hence a whole day.
const look = {
  name: 'auth_revocations',
  text: `
    select 'session' as kind, id::text, null::jsonb as roles from auth.sessions
    where revoked_at > now() - interval '35 minutes'
    union all
    select 'session', session.id::text, null
    from auth.accounts as account join auth.sessions as session on session.account_id = account.id
    where account.sessions_valid_from > now() - interval '1 day' and session.last_used_at > now() - interval '35 minutes'
      and not (account.is_active and ${isOfNow})
    union all
    select case when account.id is null then 'gone' else 'deactivated' end, ending.id::text, null
    from auth.account_endings as ending left join auth.accounts as account on account.id = ending.id
    where ended_at > now() - interval '1 day'
    union all
    select 'gone', id::text, null from auth.service_clients where revoked_at > now() - interval '1 day'
    union all
    select 'roles', revoked.key, coalesce(granted.grants -> revoked.key, '[]')
    from auth.role_grants as granted, jsonb_each(granted.revoked_at) as revoked`,
};

/**
 * Knows which access tokens are not good any more although they have not ended: those of sessions and accounts that are
 * over, and those with a role that was revoked. It looks every two seconds, and stands by what it saw last while Postgres
 * is away, for the tokens end by themselves.
 */
@Injectable()
export class PolledRevocations extends Revocations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(PolledRevocations.name);
  readonly #own = new LRUCache<string, true>({ max: 10_000, ttl: 35 * 60 * 1_000 });
  #seen: Revoked = { sessions: new Set(), deactivated: new Set(), gone: new Set(), roles: new Map() };
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(private readonly database: Database) {
    super();
  }

  onApplicationBootstrap(): void {
    void this.#poll();
  }

  beforeApplicationShutdown(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  isRevoked({ id, sid, roles }: Pick<VerifiedToken, 'id' | 'sid' | 'iat' | 'roles'>): boolean {
    const { sessions, deactivated, gone, roles: left } = this.#seen;
    if (gone.has(id)) return true;
    if (sid === undefined ? deactivated.has(id) : sessions.has(sid) || this.#own.has(sid)) return true;
    const granted = left.get(id);
    return granted !== undefined && roles.some((role) => role !== 'user' && !granted.includes(role));
  }

  /** This process has ended a session itself, and need not wait to see it. */
  ended(sessionId: string): void {
    this.#own.set(sessionId, true);
  }

  /** Looks at once. */
  async look(): Promise<void> {
    const rows = await this.database.query<Row & Record<string, unknown>>(look);
    const ids = (kind: Row['kind']): string[] => rows.filter((row) => row.kind === kind).map(({ id }) => id);
    this.#seen = {
      sessions: new Set(ids('session')),
      deactivated: new Set(ids('deactivated')),
      gone: new Set(ids('gone')),
      roles: new Map(rows.filter(({ kind }) => kind === 'roles').map(({ id, roles }) => [id, roles ?? []])),
    };
  }

  async #poll(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      // While Postgres is away, whatever else needs it says so.
      if (!isInfrastructure(error)) this.#log.error({ message: 'revocations could not be read', error: String(error) });
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#poll(), pause).unref();
  }
}
