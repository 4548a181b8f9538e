import { IsUUID } from 'class-validator';

import { Command, IsTime, Message } from '#kernel';

/** Makes a link that shows, until it expires, that the e-mail address is the user's. */
@Command('auth.request_email_verification.v1', 'userId')
export class RequestEmailVerification extends Message<RequestEmailVerification> {
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly requestId!: string;
  @IsTime() readonly expiresAt!: string;
}

/** The link of that request has been proven. */
@Command('auth.verify_email.v1', 'userId')
export class VerifyEmail extends Message<VerifyEmail> {
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly requestId!: string;
}

/** An administrator vouches for the e-mail address. */
@Command('auth.verify_user.v1', 'userId')
export class VerifyUser extends Message<VerifyUser> {
  @IsUUID() readonly userId!: string;
}
