import { IsBoolean, IsUUID } from 'class-validator';

import { Command, EmailAddress, Example, Message, Optional, Personal, PhoneNumber, Secret, ShortText } from '#kernel';

import { PasswordHash, ProviderName, Username } from './fields.js';

@Command('auth.register_user.v1', 'userId')
export class RegisterUser extends Message<RegisterUser> {
  @IsUUID() readonly userId!: string;
  @Personal() @EmailAddress() @Example('ada@example.org') readonly email!: string;
  @Personal() @Username() @Example('ada_l') readonly username!: string;
  @Optional() @Personal() @ShortText('name', 100) @Example('Ada Lovelace') readonly name?: string;
  @Optional() @Personal() @ShortText('first_name', 100) @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @ShortText('last_name', 100) @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @PhoneNumber() @Example('+441632960961') readonly phoneNumber?: string;
  @Secret() @PasswordHash() readonly passwordHash!: string;
}

/** Somebody signs in by an identity provider for the first time. `userId` is `externalUserId(provider, subject)`. */
@Command('auth.register_external_user.v1', 'userId')
export class RegisterExternalUser extends Message<RegisterExternalUser> {
  @IsUUID() readonly userId!: string;
  @Personal() @EmailAddress() @Example('ada@example.org') readonly email!: string;
  /** Whether the provider says that the address is the user's. */
  @IsBoolean() readonly emailVerified!: boolean;
  @Personal() @Username() @Example('ada_l') readonly username!: string;
  @Optional() @Personal() @ShortText('name', 100) @Example('Ada Lovelace') readonly name?: string;
  @Optional() @Personal() @ShortText('first_name', 100) @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @ShortText('last_name', 100) @Example('Lovelace') readonly lastName?: string;
  @ProviderName() @Example('google') readonly provider!: string;
  @Personal() @ShortText('subject', 255) @Example('108204268033311374519') readonly subject!: string;
}

/** Joins an account to an identity of a provider that says the account's e-mail address is that user's. */
@Command('auth.link_identity.v1', 'userId')
export class LinkIdentity extends Message<LinkIdentity> {
  @IsUUID() readonly userId!: string;
  @ProviderName() @Example('google') readonly provider!: string;
  @Personal() @ShortText('subject', 255) @Example('108204268033311374519') readonly subject!: string;
}
