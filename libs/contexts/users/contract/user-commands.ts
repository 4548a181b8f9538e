import { IsBoolean, IsString, IsUUID, MaxLength } from 'class-validator';

import { Command, Example, Message, Nullable, Optional, Personal, PhoneNumber } from '#kernel';

import { NamePart, WebAddress } from './fields.js';

/** Sent by the context itself when somebody has registered. What they said then has been checked then. */
@Command('users.create_profile.v1', 'userId')
export class CreateProfile extends Message<CreateProfile> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() readonly email!: string;
  @Personal() @IsString() readonly username!: string;
  @Personal() @IsString() readonly name!: string;
  @IsBoolean() readonly isVerified!: boolean;
  @Optional() @Personal() @IsString() readonly firstName?: string;
  @Optional() @Personal() @IsString() readonly lastName?: string;
  @Optional() @Personal() @IsString() readonly phoneNumber?: string;
}

/** What is absent stays as it is; null clears. */
@Command('users.update_profile.v1', 'userId')
export class UpdateProfile extends Message<UpdateProfile> {
  @IsUUID() readonly userId!: string;
  @Optional() @Nullable() @Personal() @NamePart('first_name') @Example('Ada') readonly firstName?: string | null;
  @Optional() @Nullable() @Personal() @NamePart('last_name') @Example('Lovelace') readonly lastName?: string | null;
  @Optional()
  @Nullable()
  @Personal()
  @IsString()
  @MaxLength(500, { context: { reason: 'bio_too_long' } })
  @Example('Writes notes on engines')
  readonly bio?: string | null;
  @Optional()
  @Nullable()
  @Personal()
  @WebAddress('avatar_url')
  @Example('https://example.org/ada.png')
  readonly avatarUrl?: string | null;
  @Optional() @Nullable() @Personal() @PhoneNumber() @Example('+441632960961') readonly phoneNumber?: string | null;
}

/** Sent by the context itself when an account has changed. What is absent stays as it is. */
@Command('users.record_identity.v1', 'userId')
export class RecordIdentity extends Message<RecordIdentity> {
  @IsUUID() readonly userId!: string;
  @Optional() @Personal() @IsString() readonly email?: string;
  @Optional() @Personal() @IsString() readonly username?: string;
  @Optional() @Personal() @IsString() readonly name?: string;
  @Optional() @IsBoolean() readonly isActive?: boolean;
  @Optional() @IsBoolean() readonly isVerified?: boolean;
}

/** Sent by the context itself when an account was deleted. */
@Command('users.forget_user.v1', 'userId')
export class ForgetUser extends Message<ForgetUser> {
  @IsUUID() readonly userId!: string;
}
