import { randomBytes } from 'node:crypto';

import { newId } from '#kernel';
import type { Database, Transaction } from '#platform/database/database.js';

import type { SessionEnding } from '../../contract/index.js';
import { isOfNow } from '../../read-models/good-session.js';
import { sameBytes } from '../keys/signatures.js';
import { hashOfToken, RefreshTokens, type PresentedToken } from './refresh-tokens.js';

/** Somebody who has shown who they are: what was known of the account when they did. */
export interface SessionHolder {
  readonly id: string;
  readonly sessionsValidFrom: Date | null;
}

/** Where somebody signs in from. */
export interface SignInPlace {
  readonly userAgent?: string;
  readonly address?: string;
}

export interface OpenSession {
  readonly id: string;
  readonly accountId: string;
  /** How often its token has been replaced. */
  readonly generation: number;
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

/** Why a refresh token gives no successor. */
export type RefreshRefusal = 'invalid' | 'expired' | 'reused';

export type Refreshed =
  | { readonly session: OpenSession; readonly rotated: boolean }
  | { readonly refusal: RefreshRefusal; readonly ended?: Pick<OpenSession, 'id' | 'accountId'> };

interface Row {
  readonly id: string;
  readonly account_id: string;
  readonly generation: number;
  readonly token_hash: Buffer;
  readonly previous_hash: Buffer | null;
  readonly rotated_at: Date | null;
  readonly seed: Buffer;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly revoked_reason: SessionEnding | null;
  readonly good: boolean;
}

const day = 24 * 60 * 60 * 1_000;
const lifetime = 7 * day;
/** Milliseconds in which a token that was replaced gives the same successor again: an answer may have been lost. */
const grace = 10_000;
const longestUserAgent = 200;

// Whoever has shown an old password while it was being changed gets no session: the account must be as it was then.
const insert = {
  name: 'auth_open_session',
  text: `
    insert into auth.sessions
      (id, account_id, account_version, token_hash, seed, created_at, last_used_at, expires_at, user_agent, address)
    select $1, account.id, account.version, $3, $4, begun.at, begun.at, begun.at + $9 * interval '1 millisecond', $6, $7
    from auth.accounts as account,
      lateral (select greatest($5::timestamptz, account.sessions_valid_from + interval '1 millisecond') as at) as begun
    where account.id = $2 and account.is_active and account.sessions_valid_from is not distinct from $8::timestamptz
    for share of account
    returning expires_at`,
};

const lock = {
  name: 'auth_lock_session',
  text: `
    select session.id, account_id, generation, token_hash, previous_hash, rotated_at, seed, expires_at, revoked_at,
      revoked_reason, is_active and ${isOfNow} as good
    from auth.sessions as session join auth.accounts as account on account.id = account_id
    where session.id = $1
    for update of session`,
};

const rotate = {
  name: 'auth_rotate_session',
  text: `
    update auth.sessions
    set generation = $2, previous_hash = token_hash, token_hash = $3, rotated_at = $4, last_used_at = $4, expires_at = $5
    where id = $1`,
};

const end = {
  name: 'auth_end_session',
  text: `
    update auth.sessions set revoked_at = now(), revoked_reason = $3
    where id = $1 and account_id = $2 and revoked_at is null
    returning id`,
};

const sweep = {
  name: 'auth_sweep_sessions',
  text: `delete from auth.sessions where expires_at < $1`,
};

/** The sessions of all accounts, each a family of refresh tokens of which one is good. Their rows are the API's own. */
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: RefreshTokens,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @returns undefined when the account was deactivated, or all its sessions were ended, since its holder was checked */
  async open(holder: SessionHolder, { userAgent, address }: SignInPlace): Promise<OpenSession | undefined> {
    const [id, seed] = [newId(), randomBytes(32)];
    const refreshToken = this.tokens.issue({ id, seed }, 0);
    const agent = userAgent?.slice(0, longestUserAgent).toWellFormed();
    const [opened] = await this.database.query<{ expires_at: Date }>(insert, [
      id,
      holder.id,
      hashOfToken(refreshToken),
      seed,
      this.now(),
      agent,
      address,
      holder.sessionsValidFrom,
      lifetime,
    ]);
    return opened && { id, accountId: holder.id, generation: 0, refreshToken, expiresAt: opened.expires_at };
  }

  /**
   * Replaces a refresh token by its successor. For 10 seconds, a token that was replaced gives the same successor again;
   * after that it shows that somebody has stolen it, and ends the session.
   */
  async refresh(token: string): Promise<Refreshed> {
    const presented = this.tokens.read(token);
    if (!presented) return { refusal: 'invalid' };
    return this.database.transaction((transaction) => this.#refreshed(transaction, token, presented));
  }

  /** @returns whether it was a session of that account, and not over yet */
  async end(id: string, accountId: string, reason: SessionEnding): Promise<boolean> {
    const ended = await this.database.query(end, [id, accountId, reason]);
    return ended.length > 0;
  }

  /** Forgets the sessions that expired more than a month ago. */
  async sweep(): Promise<void> {
    await this.database.query(sweep, [new Date(this.now().getTime() - 30 * day)]);
  }

  async #refreshed(transaction: Transaction, token: string, presented: PresentedToken): Promise<Refreshed> {
    const [row] = await transaction.query<Row>(lock, [presented.sessionId]);
    if (!row || !this.tokens.isGenuine(presented, row)) return { refusal: 'invalid' };
    if (row.revoked_at) return { refusal: row.revoked_reason === 'reuse' ? 'reused' : 'invalid' };
    const now = this.now();
    if (row.expires_at <= now) return { refusal: 'expired' };
    if (!row.good) return { refusal: 'invalid' };
    const hash = hashOfToken(token);
    if (presented.generation === row.generation && sameBytes(hash, row.token_hash))
      return { session: await this.#rotated(transaction, row, now), rotated: true };
    if (isRecent(row, presented, hash, now)) {
      const refreshToken = this.tokens.issued(row, row.generation, row.token_hash);
      return refreshToken === undefined
        ? { refusal: 'invalid' }
        : { session: opened(row, refreshToken, row.expires_at), rotated: false };
    }
    if (presented.generation >= row.generation) return { refusal: 'invalid' };
    await transaction.query(end, [row.id, row.account_id, 'reuse' satisfies SessionEnding]);
    return { refusal: 'reused', ended: { id: row.id, accountId: row.account_id } };
  }

  async #rotated(transaction: Transaction, row: Row, now: Date): Promise<OpenSession> {
    const generation = row.generation + 1;
    const refreshToken = this.tokens.issue(row, generation);
    const expiresAt = new Date(now.getTime() + lifetime);
    await transaction.query(rotate, [row.id, generation, hashOfToken(refreshToken), now, expiresAt]);
    return opened({ ...row, generation }, refreshToken, expiresAt);
  }
}

const isRecent = (row: Row, { generation }: PresentedToken, hash: Buffer, now: Date): boolean =>
  generation === row.generation - 1 &&
  row.previous_hash !== null &&
  row.rotated_at !== null &&
  sameBytes(hash, row.previous_hash) &&
  now.getTime() - row.rotated_at.getTime() <= grace;

const opened = (
  { id, account_id: accountId, generation }: Row,
  refreshToken: string,
  expiresAt: Date,
): OpenSession => ({
  id,
  accountId,
  generation,
  refreshToken,
  expiresAt,
});
