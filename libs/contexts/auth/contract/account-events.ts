import { IsArray, IsBoolean, IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional, Personal, Secret } from '#kernel';

import { PasswordChangeMethods, type PasswordChangeMethod } from './vocabulary.js';

@Event('user.registered.v1', 'userId')
export class UserRegistered extends Message<UserRegistered> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  /** Empty where none was given. */
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
  /** `password`, or the name of an identity provider. */
  @IsString() @Example('password') readonly source!: string;
  @IsBoolean() readonly emailVerified!: boolean;
}

@Event('account.credentials_set.v1', 'userId', { private: true })
export class AccountCredentialsSet extends Message<AccountCredentialsSet> {
  @IsUUID() readonly userId!: string;
  @Secret() @Personal() @IsString() readonly passwordHash!: string;
}

@Event('account.identity_linked.v1', 'userId', { private: true })
export class AccountIdentityLinked extends Message<AccountIdentityLinked> {
  @IsUUID() readonly userId!: string;
  @IsString() @Example('google') readonly provider!: string;
  @Personal() @IsString() @Example('108204268033311374519') readonly subject!: string;
}

/** All four as they are now, and the wire names of those that changed. */
@Event('user.identity_changed.v1', 'userId')
export class UserIdentityChanged extends Message<UserIdentityChanged> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('countess') readonly username!: string;
  @Personal() @IsString() @Example('Ada King') readonly name!: string;
  @IsBoolean() readonly isVerified!: boolean;
  @IsArray() @IsString({ each: true }) @Example(['username', 'name']) readonly changed!: readonly string[];
}

@Event('user.verification_requested.v1', 'userId')
export class UserVerificationRequested extends Message<UserVerificationRequested> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @IsUUID() readonly requestId!: string;
  @IsTime() readonly expiresAt!: string;
}

@Event('user.verified.v1', 'userId')
export class UserVerified extends Message<UserVerified> {
  @IsUUID() readonly userId!: string;
  @IsTime() readonly verifiedAt!: string;
}

@Event('user.password_reset_requested.v1', 'userId')
export class UserPasswordResetRequested extends Message<UserPasswordResetRequested> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @IsUUID() readonly requestId!: string;
  @IsTime() readonly expiresAt!: string;
}

/** All sessions are over but the one that is kept. */
@Event('user.password_changed.v1', 'userId')
export class UserPasswordChanged extends Message<UserPasswordChanged> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Optional() @IsUUID() readonly keptSessionId?: string;
  @IsIn(PasswordChangeMethods) @Example('change') readonly method!: PasswordChangeMethod;
}

@Event('user.sessions_ended.v1', 'userId')
export class UserSessionsEnded extends Message<UserSessionsEnded> {
  @IsUUID() readonly userId!: string;
}

@Event('user.activated.v1', 'userId')
export class UserActivated extends Message<UserActivated> {
  @IsUUID() readonly userId!: string;
}

/** All sessions are over. */
@Event('user.deactivated.v1', 'userId')
export class UserDeactivated extends Message<UserDeactivated> {
  @IsUUID() readonly userId!: string;
}

/** Everything personal that was said of the user is unreadable from now on. */
@Event('user.deleted.v1', 'userId', { forgets: true })
export class UserDeleted extends Message<UserDeleted> {
  @IsUUID() readonly userId!: string;
  /** Tells whether an address is the one that the account had, to those who hold the key. */
  @IsString() @Example('f3d1c1e8a5…') readonly emailHash!: string;
  @IsTime() readonly deletedAt!: string;
}
