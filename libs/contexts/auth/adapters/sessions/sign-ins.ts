import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import type { Wire } from '#kernel';
import { AccessTokens, type TokenGrant } from '#platform/auth/access-tokens.js';
import { BackgroundCommands } from '#platform/commands/background-commands.js';
import { requestScope } from '#platform/http/request-scope.js';

import { RecordSessionEnd, RecordSessionRefresh, RecordSignIn, type SessionEnding } from '../../contract/index.js';
import { LoginQueries, type LoginAccount } from '../../read-models/login.queries.js';
import { invalidCredentials, unauthorized } from '../refusals.js';
import { PolledRevocations } from './polled-revocations.js';
import { RefreshCookie } from './refresh-cookie.js';
import { Sessions, type OpenSession, type RefreshRefusal } from './sessions.js';
import type { TokenView } from './token-view.js';

export interface SignInOptions {
  /** The refresh token goes into a cookie instead of the answer. */
  readonly useCookie?: boolean;
}

/** Opens, continues and ends sessions for whoever is entitled to them, and tells the rest of the system. */
@Injectable()
export class SignIns {
  constructor(
    private readonly sessions: Sessions,
    private readonly revocations: PolledRevocations,
    private readonly accounts: LoginQueries,
    private readonly tokens: AccessTokens,
    private readonly cookie: RefreshCookie,
    private readonly background: BackgroundCommands,
  ) {}

  /**
   * Signs somebody in who has shown who they are.
   * @param method `password`, or the name of an identity provider
   * @throws Problem 401 `invalid_credentials` when the account is not active, or not any more
   */
  async open(
    account: LoginAccount,
    method: string,
    options: SignInOptions,
    reply: FastifyReply,
  ): Promise<Wire<TokenView>> {
    const { request } = requestScope();
    const place = { userAgent: request.headers['user-agent'], address: request.ip };
    const session = account.isActive ? await this.sessions.open(account, place) : undefined;
    if (!session) throw invalidCredentials();
    const { id: userId, email, username } = account;
    const command = new RecordSignIn({ sessionId: session.id, userId, email, username, method });
    this.background.send('auth.signed_in', command, account);
    return this.#answer(session, account, options, reply);
  }

  /**
   * @param token from the body; else it is the cookie's
   * @throws Problem 401 `refresh_token_invalid`, `refresh_token_expired` or `refresh_token_reused`; 403
   */
  async refresh(token: string | undefined, reply: FastifyReply): Promise<Wire<TokenView>> {
    const kept = token === undefined ? this.cookie.read(requestScope().request) : undefined;
    const useCookie = kept !== undefined;
    const refreshed = await this.sessions.refresh(token ?? kept ?? '');
    if ('refusal' in refreshed) {
      const { refusal, ended } = refreshed;
      if (ended) this.#ended(ended.id, ended.accountId, 'reuse');
      if (useCookie) this.cookie.clear(reply);
      throw refused(refusal);
    }
    const { session, rotated } = refreshed;
    const account = await this.accounts.byId(session.accountId);
    if (!account) throw refused('invalid');
    if (rotated) {
      const command = new RecordSessionRefresh({ sessionId: session.id, userId: account.id });
      this.background.send(`auth.refreshed.${session.generation}`, command, account);
    }
    return this.#answer(session, account, { useCookie }, reply);
  }

  /** @returns whether it was a session of that account, and not over yet */
  async end(sessionId: string, accountId: string): Promise<boolean> {
    const ended = await this.sessions.end(sessionId, accountId, 'logout');
    if (ended) this.#ended(sessionId, accountId, 'logout');
    return ended;
  }

  clearCookie(reply: FastifyReply): void {
    if (requestScope().request.headers.cookie !== undefined) this.cookie.clear(reply);
  }

  #ended(sessionId: string, userId: string, reason: SessionEnding): void {
    this.revocations.ended(sessionId);
    const command = new RecordSessionEnd({ sessionId, userId, reason });
    this.background.send('auth.session_ended', command, { id: userId, roles: ['user'] });
  }

  #answer(
    session: OpenSession,
    account: LoginAccount,
    { useCookie }: SignInOptions,
    reply: FastifyReply,
  ): Wire<TokenView> {
    const { id, email, roles } = account;
    const { refreshToken, expiresAt } = session;
    if (useCookie) this.cookie.write(reply, refreshToken, expiresAt);
    return {
      ...tokenAnswer(this.tokens, { id, email, roles, sid: session.id }),
      ...(!useCookie && { refresh_token: refreshToken }),
    };
  }
}

/** An access token alone, as service clients get it. */
export function tokenAnswer(tokens: AccessTokens, grant: TokenGrant): Wire<TokenView> {
  const { token, expiresIn } = tokens.sign(grant);
  return { access_token: token, token_type: 'bearer', expires_in: expiresIn, user_id: grant.id };
}

const sentences: Readonly<Record<RefreshRefusal, string>> = {
  invalid: 'the refresh token is not good, or its session is over: sign in again',
  expired: 'the refresh token has expired: sign in again',
  reused: 'the refresh token has been used before, so the session was ended for your safety: sign in again',
};

const refused = (refusal: RefreshRefusal) => unauthorized(`refresh_token_${refusal}`, sentences[refusal]);
