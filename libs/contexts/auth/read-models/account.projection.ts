import { fold, on, projection, type EventMeta } from '#kernel';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  EmailTaken,
  externalIdentity,
  identitiesAfter,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UsernameTaken,
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserRegistered,
  UserSessionsEnded,
  UserVerificationRequested,
  UserVerified,
  withoutPurpose,
  withRequest,
} from '../contract/index.js';
import { AccountRow } from './account.entity.js';

const sessionsEnded = ({ occurredAt, version }: EventMeta, keptSessionId: string | null = null) => ({
  sessionsValidFrom: occurredAt,
  sessionsValidFromVersion: version,
  keptSessionId,
});

/** Reacts to every event of an account, so that the row's version is the account's. */
export const accounts = projection('auth.accounts', AccountRow, {
  inline: true,
  version: 2,
  unique: { accounts_email: () => new EmailTaken(), accounts_username: () => new UsernameTaken() },
  fold: fold(
    on(UserRegistered, (_, { userId, email, username, name, emailVerified }, { occurredAt }) => ({
      id: userId,
      email,
      username,
      name,
      isActive: true,
      isVerified: emailVerified,
      externalIdentities: [],
      outstanding: [],
      sessionsValidFrom: null,
      sessionsValidFromVersion: null,
      keptSessionId: null,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(AccountCredentialsSet, (account) => account),
    on(AccountIdentityLinked, (account, { provider, subject }) => ({
      ...account,
      externalIdentities: [...account.externalIdentities, externalIdentity(provider, subject)],
    })),
    on(UserIdentityChanged, (account, { email, username, name, isVerified, changed }, { occurredAt }) => ({
      ...account,
      email,
      username,
      name,
      isVerified,
      outstanding: changed.includes('email') ? [] : account.outstanding,
      updatedAt: occurredAt,
    })),
    on(UserVerificationRequested, (account, { requestId, expiresAt }, { occurredAt }) => ({
      ...account,
      outstanding: withRequest(
        account.outstanding,
        { request_id: requestId, purpose: 'email_verification', expires_at: expiresAt },
        occurredAt,
      ),
    })),
    on(UserVerified, (account, _, { occurredAt }) => ({
      ...account,
      isVerified: true,
      outstanding: withoutPurpose(account.outstanding, 'email_verification'),
      updatedAt: occurredAt,
    })),
    on(UserPasswordResetRequested, (account, { requestId, expiresAt }, { occurredAt }) => ({
      ...account,
      outstanding: withRequest(
        account.outstanding,
        { request_id: requestId, purpose: 'password_reset', expires_at: expiresAt },
        occurredAt,
      ),
    })),
    on(UserPasswordChanged, (account, { method, keptSessionId }, meta) => ({
      ...account,
      externalIdentities: identitiesAfter(method, account),
      outstanding: withoutPurpose(account.outstanding, 'password_reset'),
      ...sessionsEnded(meta, keptSessionId),
    })),
    on(UserSessionsEnded, (account, _, meta) => ({ ...account, ...sessionsEnded(meta) })),
    on(UserActivated, (account, _, { occurredAt }) => ({ ...account, isActive: true, updatedAt: occurredAt })),
    on(UserDeactivated, (account, _, meta) => ({
      ...account,
      isActive: false,
      outstanding: [],
      ...sessionsEnded(meta),
      updatedAt: meta.occurredAt,
    })),
    on(UserDeleted, () => null),
  ),
});
