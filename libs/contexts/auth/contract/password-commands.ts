import { IsInt, IsUUID } from 'class-validator';

import { Command, IsTime, Message, Optional, Secret } from '#kernel';

import { PasswordHash } from './fields.js';

/** The present password has been proven. All sessions end but the one that is kept. */
@Command('auth.change_password.v1', 'userId')
export class ChangePassword extends Message<ChangePassword> {
  @IsUUID() readonly userId!: string;
  @Secret() @PasswordHash() readonly passwordHash!: string;
  @Optional() @IsUUID() readonly keptSessionId?: string;
  /** The account's version that the present password was proven against. */
  @Optional() @IsInt() readonly provenVersion?: number;
}

/** Makes a link that is good for one reset until it expires. */
@Command('auth.request_password_reset.v1', 'userId')
export class RequestPasswordReset extends Message<RequestPasswordReset> {
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly requestId!: string;
  @IsTime() readonly expiresAt!: string;
}

/** The link of that request has been proven. All sessions end. */
@Command('auth.reset_password.v1', 'userId')
export class ResetPassword extends Message<ResetPassword> {
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly requestId!: string;
  @Secret() @PasswordHash() readonly passwordHash!: string;
}
