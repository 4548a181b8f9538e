import { Aggregate, fold, on, snakeCase, timeOf } from '#kernel';

import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  AdminRoleHeld,
  AlreadyVerified,
  CurrentPasswordIncorrect,
  EmailTaken,
  externalIdentity,
  identitiesAfter,
  LastAdmin,
  normalEmail,
  NothingToUpdate,
  ResetTokenInvalid,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserIdentityChanged,
  UserNotFound,
  UserPasswordChanged,
  UserPasswordResetRequested,
  UserRegistered,
  UserSessionsEnded,
  UserVerificationRequested,
  UserVerified,
  VerificationTokenInvalid,
  withoutPurpose,
  withRequest,
  type ChangePassword,
  type LinkIdentity,
  type OutstandingRequest,
  type RegisterExternalUser,
  type RegisterUser,
  type RequestEmailVerification,
  type RequestPasswordReset,
  type ResetPassword,
  type UpdateAccount,
  type VerifyEmail,
} from '../contract/index.js';
import type { Asker } from './asker.js';

/** Who somebody is to others. */
interface Identity {
  readonly email: string;
  readonly username: string;
  readonly name: string;
  readonly isVerified: boolean;
}

interface AccountState extends Identity {
  readonly isActive: boolean;
  readonly externalIdentities: readonly string[];
  readonly outstanding: readonly OutstandingRequest[];
  /** The account's version at which its password was last set. 0: it has none. */
  readonly passwordSetIn: number;
  /** The one at which all sessions were last ended, but for a change of the password. 0: never. */
  readonly sessionsEndedIn: number;
}

/** What an account's end depends on. */
export type AdminStanding = 'none' | 'one_of_several' | 'only_one';

export class Account extends Aggregate<AccountState> {
  static readonly streamType = 'auth.account';
  static readonly NotFound = UserNotFound;

  protected readonly evolve = fold<AccountState>(
    on(UserRegistered, (_, { email, username, name, emailVerified }) => ({
      email,
      username,
      name,
      isVerified: emailVerified,
      isActive: true,
      externalIdentities: [],
      outstanding: [],
      passwordSetIn: 0,
      sessionsEndedIn: 0,
    })),
    // Whoever knows the hash could try passwords, so it is not kept in memory.
    on(AccountCredentialsSet, (account, _, { version }) => ({ ...account, passwordSetIn: version })),
    on(AccountIdentityLinked, (account, { provider, subject }) => ({
      ...account,
      externalIdentities: [...account.externalIdentities, externalIdentity(provider, subject)],
    })),
    on(UserIdentityChanged, (account, { email, username, name, isVerified, changed }) => ({
      ...account,
      email,
      username,
      name,
      isVerified,
      // Links were sent to the address from before.
      outstanding: changed.includes('email') ? [] : account.outstanding,
    })),
    on(UserVerificationRequested, (account, { requestId, expiresAt }, { occurredAt }) => ({
      ...account,
      outstanding: withRequest(
        account.outstanding,
        { request_id: requestId, purpose: 'email_verification', expires_at: expiresAt },
        occurredAt,
      ),
    })),
    on(UserVerified, (account) => ({
      ...account,
      isVerified: true,
      outstanding: withoutPurpose(account.outstanding, 'email_verification'),
    })),
    on(UserPasswordResetRequested, (account, { requestId, expiresAt }, { occurredAt }) => ({
      ...account,
      outstanding: withRequest(
        account.outstanding,
        { request_id: requestId, purpose: 'password_reset', expires_at: expiresAt },
        occurredAt,
      ),
    })),
    on(UserPasswordChanged, (account, { method }) => ({
      ...account,
      externalIdentities: identitiesAfter(method, account),
      outstanding: withoutPurpose(account.outstanding, 'password_reset'),
    })),
    on(UserSessionsEnded, (account, _, { version }) => ({ ...account, sessionsEndedIn: version })),
    on(UserActivated, (account) => ({ ...account, isActive: true })),
    on(UserDeactivated, (account, _, { version }) => ({
      ...account,
      isActive: false,
      outstanding: [],
      sessionsEndedIn: version,
    })),
    on(UserDeleted, () => null),
  );

  register(command: RegisterUser): void {
    const { email, username, firstName, lastName, phoneNumber, passwordHash } = command;
    this.record(
      new UserRegistered({
        userId: this.id,
        email: normalEmail(email),
        username,
        name: nameOf(command),
        firstName,
        lastName,
        phoneNumber,
        source: 'password',
        emailVerified: false,
      }),
    );
    this.record(new AccountCredentialsSet({ userId: this.id, passwordHash }));
  }

  registerExternal(command: RegisterExternalUser): void {
    const { email, emailVerified, username, firstName, lastName, provider, subject } = command;
    this.record(
      new UserRegistered({
        userId: this.id,
        email: normalEmail(email),
        username,
        name: nameOf(command),
        firstName,
        lastName,
        source: provider,
        emailVerified,
      }),
    );
    this.record(new AccountIdentityLinked({ userId: this.id, provider, subject }));
  }

  /** Only what has proven its e-mail address itself is joined: otherwise whoever registered first would share the account. */
  link({ provider, subject }: LinkIdentity): void {
    const { isVerified, externalIdentities } = this.active;
    if (externalIdentities.includes(externalIdentity(provider, subject))) return;
    if (!isVerified) throw new EmailTaken();
    this.record(new AccountIdentityLinked({ userId: this.id, provider, subject }));
  }

  update({ email, username, name }: UpdateAccount, asker: Asker): void {
    const before = this.inChargeOf(asker);
    if (email === undefined && username === undefined && name === undefined) throw new NothingToUpdate();
    const address = email === undefined ? before.email : normalEmail(email);
    const after: Identity = {
      email: address,
      username: username ?? before.username,
      name: name ?? before.name,
      isVerified: before.isVerified && address === before.email,
    };
    const changed = (Object.keys(after) as (keyof Identity)[]).filter((field) => after[field] !== before[field]);
    if (changed.length === 0) return;
    this.record(new UserIdentityChanged({ userId: this.id, ...after, changed: changed.map(snakeCase) }));
  }

  requestVerification({ requestId, expiresAt }: RequestEmailVerification, asker: Asker): void {
    if (this.ownedBy(asker).isVerified) throw new AlreadyVerified();
    this.record(
      new UserVerificationRequested({ ...this.reached, requestId, expiresAt: timeOf(expiresAt).toISOString() }),
    );
  }

  verifyEmail({ requestId }: VerifyEmail, at: Date): void {
    if (this.state.isVerified) throw new AlreadyVerified();
    if (!this.isOutstanding('email_verification', requestId, at)) throw new VerificationTokenInvalid();
    this.verify(at);
  }

  verify(at: Date): void {
    if (!this.state.isVerified) this.record(new UserVerified({ userId: this.id, verifiedAt: at.toISOString() }));
  }

  /** Whatever came between proving the present password and changing it stands: a password that was set, sessions that ended. */
  changePassword({ passwordHash, keptSessionId, provenVersion = this.version }: ChangePassword, asker: Asker): void {
    const { passwordSetIn, sessionsEndedIn } = this.ownedBy(asker);
    if (passwordSetIn > provenVersion) throw new CurrentPasswordIncorrect();
    const kept = sessionsEndedIn > provenVersion ? undefined : keptSessionId;
    this.record(new AccountCredentialsSet({ userId: this.id, passwordHash }));
    this.record(new UserPasswordChanged({ ...this.reached, keptSessionId: kept, method: 'change' }));
  }

  requestPasswordReset({ requestId, expiresAt }: RequestPasswordReset): void {
    if (!this.state.isActive) throw new UserNotFound(this.id);
    this.record(
      new UserPasswordResetRequested({ ...this.reached, requestId, expiresAt: timeOf(expiresAt).toISOString() }),
    );
  }

  resetPassword({ requestId, passwordHash }: ResetPassword, at: Date): void {
    if (!this.isOutstanding('password_reset', requestId, at)) throw new ResetTokenInvalid();
    this.record(new AccountCredentialsSet({ userId: this.id, passwordHash }));
    this.record(new UserPasswordChanged({ ...this.reached, method: 'reset' }));
  }

  endAllSessions(asker: Asker): void {
    this.inChargeOf(asker);
    this.record(new UserSessionsEnded({ userId: this.id }));
  }

  activate(): void {
    if (!this.state.isActive) this.record(new UserActivated({ userId: this.id }));
  }

  deactivate(asker: Asker, standing: AdminStanding): void {
    if (!asker.asAdmin && asker.id !== this.id) throw new UserNotFound(this.id);
    if (!this.state.isActive) return;
    assertNoAdmin(standing);
    this.record(new UserDeactivated({ userId: this.id }));
  }

  delete(asker: Asker, at: Date, standing: AdminStanding, hashOf: (email: string) => string): void {
    const { email } = this.inChargeOf(asker);
    assertNoAdmin(standing);
    this.record(new UserDeleted({ userId: this.id, emailHash: hashOf(email), deletedAt: at.toISOString() }));
  }

  /** The account, where the asker is an administrator or its owner. The owner of an inactive one has no say. */
  private inChargeOf(asker: Asker): AccountState {
    return asker.asAdmin ? this.state : this.ownedBy(asker);
  }

  private ownedBy({ id }: Asker): AccountState {
    if (id !== this.id) throw new UserNotFound(this.id);
    return this.active;
  }

  /** Who is to be told, and where. */
  private get reached(): Pick<UserPasswordChanged, 'userId' | 'email' | 'username'> {
    const { email, username } = this.state;
    return { userId: this.id, email, username };
  }

  private get active(): AccountState {
    if (!this.state.isActive) throw new UserNotFound(this.id);
    return this.state;
  }

  private isOutstanding(purpose: OutstandingRequest['purpose'], requestId: string, at: Date): boolean {
    return this.state.outstanding.some(
      (request) => request.purpose === purpose && request.request_id === requestId && new Date(request.expires_at) > at,
    );
  }
}

interface Named {
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

const longestName = 100;

const nameOf = ({ name, firstName, lastName }: Named): string =>
  name ?? firstOf([firstName, lastName].filter((part) => part !== undefined).join(' '), longestName);

/** So many characters of it, none of them cut in two. */
const firstOf = (text: string, most: number): string => [...text].slice(0, most).join('').trim();

function assertNoAdmin(standing: AdminStanding): void {
  if (standing === 'only_one') throw new LastAdmin();
  if (standing === 'one_of_several') throw new AdminRoleHeld();
}
