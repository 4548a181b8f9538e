import { IsArray, IsBoolean, IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message } from '#kernel';

import { Roles, type Role } from '../contract/index.js';

/** An account, as its holder and administrators see it. */
export class AccountView extends Message<AccountView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(3) readonly version!: number;
  @IsString() @Example('ada@example.org') readonly email!: string;
  @IsString() @Example('ada_l') readonly username!: string;
  /** Empty where there is none. */
  @IsString() @Example('Ada Lovelace') readonly name!: string;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  /** Whether the e-mail address has been shown to be theirs. */
  @IsBoolean() @Example(false) readonly isVerified!: boolean;
  @IsArray() @IsIn(Roles, { each: true }) @Example(['user']) readonly roles!: readonly Role[];
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}

/** Who you are. */
export class MeView extends Message<MeView> {
  @IsUUID() readonly id!: string;
  /** Empty where there is none. */
  @IsString() @Example('Ada Lovelace') readonly name!: string;
  @IsString() @Example('ada@example.org') readonly email!: string;
  @IsString() @Example('ada_l') readonly username!: string;
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  @IsBoolean() @Example(false) readonly isVerified!: boolean;
  @IsArray() @IsIn(Roles, { each: true }) @Example(['user']) readonly roles!: readonly Role[];
}
