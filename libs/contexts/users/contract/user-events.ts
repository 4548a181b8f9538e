import { IsArray, IsBoolean, IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Optional, Personal } from '#kernel';

/** Somebody who has registered is known here from now on. */
@Event('user.created.v1', 'userId')
export class UserCreated extends Message<UserCreated> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  /** Empty where none was given. */
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  /** E.164. */
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsBoolean() @Example(false) readonly isVerified!: boolean;
}

/**
 * Who somebody is by now and how they are reached (what they do not say is absent), and the wire names of the fields that
 * changed. The rest of the profile is named only: what it says is nobody else's business.
 */
@Event('user.updated.v1', 'userId')
export class UserUpdated extends Message<UserUpdated> {
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('countess') readonly username!: string;
  /** Empty where none was given. */
  @Personal() @IsString() @Example('Ada King') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  /** E.164. */
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsBoolean() @Example(true) readonly isVerified!: boolean;
  @IsArray() @IsString({ each: true }) @Example(['username', 'bio']) readonly changed!: readonly string[];
}
