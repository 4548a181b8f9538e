import { hash, randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { Database } from '#platform/database/database.js';

import { sameBytes } from '../keys/signatures.js';
import { OAuthStateInvalid } from './errors.js';
import type { SignInAttempt } from './identity-provider.js';

/** An attempt, and what the browser that made it is known by. */
export interface SignInFlow {
  readonly attempt: SignInAttempt;
  /** For that browser alone: it goes into a cookie, never through the provider. */
  readonly browser: string;
}

/** Seconds that somebody may take at the provider. */
export const flowLifetime = 600;

const keep = {
  name: 'auth_oauth_flow_keep',
  text: `
    with over as (
      delete from auth.oauth_flows where state_hash in (
        select state_hash from auth.oauth_flows where expires_at < now() limit 100 for update skip locked
      )
    )
    insert into auth.oauth_flows (state_hash, provider, code_verifier, nonce, browser_hash, created_at, expires_at)
    values ($1, $2, $3, $4, $5, now(), now() + $6 * interval '1 second')`,
};

const take = {
  name: 'auth_oauth_flow_take',
  text: `
    delete from auth.oauth_flows where state_hash = $1 and provider = $2
    returning code_verifier, nonce, browser_hash, expires_at > now() as is_open`,
};

interface KeptFlow {
  readonly code_verifier: string;
  readonly nonce: string;
  readonly browser_hash: Buffer;
  readonly is_open: boolean;
}

/** Remembers the sign-ins that browsers have been sent to a provider for. Each ends with the first who names its state. */
@Injectable()
export class SignInFlows {
  constructor(private readonly database: Database) {}

  /** A new one, which nobody remembers yet. */
  begin(): SignInFlow {
    const [state, nonce, codeVerifier, browser] = Array.from({ length: 4 }, () =>
      randomBytes(32).toString('base64url'),
    );
    return { attempt: { state, nonce, codeVerifier } as SignInAttempt, browser: browser as string };
  }

  async keep(provider: string, { attempt, browser }: SignInFlow): Promise<void> {
    const { state, nonce, codeVerifier } = attempt;
    await this.database.query(keep, [digest(state), provider, codeVerifier, nonce, digest(browser), flowLifetime]);
  }

  /**
   * The attempt with that state, which is over by this.
   * @throws OAuthStateInvalid when it is none, was made by another browser or too long ago, or has been taken before
   */
  async take(provider: string, state: string, browser: string): Promise<SignInAttempt> {
    const [flow] = await this.database.query<KeptFlow>(take, [digest(state), provider]);
    if (!flow?.is_open || !sameBytes(digest(browser), flow.browser_hash)) throw new OAuthStateInvalid();
    return { state, nonce: flow.nonce, codeVerifier: flow.code_verifier };
  }
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
