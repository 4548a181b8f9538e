import { Injectable } from '@nestjs/common';

import { newId } from '#kernel';
import { CommandCalls } from '#platform/commands/command-calls.js';
import { codeOfKind, Problem, unavailable } from '#platform/http/problem.js';
import type { Outcome } from '#platform/messaging/outcome.js';

import {
  EmailTaken,
  externalIdentity,
  externalUserId,
  LinkIdentity,
  RegisterExternalUser,
} from '../../contract/index.js';
import { LoginQueries, type LoginAccount } from '../../read-models/login.queries.js';
import { invalidCredentials } from '../refusals.js';
import { defaultUsername } from '../user-names.js';
import type { ExternalIdentity } from './identity-provider.js';

/** What comes in between looking and doing is looked at again; more often than this nothing comes in between. */
const mostRounds = 10;
const worthAnotherLook = ['already_exists', 'email_taken', 'username_taken', 'version_conflict', 'user_not_found'];

/** Finds the account of somebody whom an identity provider has named, and makes one where there is none. */
@Injectable()
export class ExternalSignIn {
  constructor(
    private readonly accounts: LoginQueries,
    private readonly commands: CommandCalls,
  ) {}

  /**
   * @throws EmailTaken when the address is that of an account which may be somebody else's
   * @throws Problem 401 `invalid_credentials` when the account is not active; 503
   */
  async accountOf(identity: ExternalIdentity): Promise<LoginAccount> {
    const linked = externalIdentity(identity.provider, identity.subject);
    let outcome: Outcome | undefined;
    let isKnown = false;
    for (let round = 0; round < mostRounds; round++) {
      // In this order: an account that is made in between by another window is found by the second look.
      const namesake = await this.accounts.byEmail(identity.email);
      const account = await this.accounts.byIdentity(linked);
      if (account) return active(account);
      outcome = namesake ? await this.#join(namesake, identity) : await this.#register(identity, isKnown, round);
      const reason = outcome.problem?.reason ?? '';
      if (outcome.status !== 'succeeded' && !worthAnotherLook.includes(reason)) break;
      if (reason === 'already_exists') isKnown = true;
    }
    throw refused(outcome);
  }

  /** Only if both sides have proven the address: whoever registered it first may not be the one whom the provider means. */
  #join(account: LoginAccount, { provider, subject, emailVerified }: ExternalIdentity): Promise<Outcome> {
    if (!emailVerified || !account.isVerified) throw new EmailTaken();
    const { id: userId, version: expectedVersion } = active(account);
    return this.commands.call(new LinkIdentity({ userId, provider, subject }), { purpose: newId(), expectedVersion });
  }

  /**
   * Of those who come at once for the first time one is registered: the id follows from the identity.
   * @param isKnown there was an account of that id, and it was deleted. From then on the e-mail address alone is unique
   */
  #register(identity: ExternalIdentity, isKnown: boolean, round: number): Promise<Outcome> {
    const { provider, subject, email } = identity;
    const userId = isKnown ? newId() : externalUserId(provider, subject);
    const username = defaultUsername(email, round === 0 ? userId : newId());
    return this.commands.call(new RegisterExternalUser({ ...identity, userId, username }), { purpose: newId() });
  }
}

function active(account: LoginAccount): LoginAccount {
  if (!account.isActive) throw invalidCredentials();
  return account;
}

function refused(outcome: Outcome | undefined): Problem {
  const { problem } = outcome ?? {};
  if (problem) return new Problem({ ...problem, code: codeOfKind[problem.kind] });
  return unavailable('outcome_unknown', 'the account could not be made ready: begin the sign-in again');
}
