import { IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Personal } from '#kernel';

import { SessionEndings, type SessionEnding } from './vocabulary.js';

@Event('user.authenticated.v1', 'sessionId', { subject: 'userId' })
export class UserAuthenticated extends Message<UserAuthenticated> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @IsTime() readonly authenticatedAt!: string;
  /** `password`, or the name of an identity provider. */
  @IsString() @Example('password') readonly method!: string;
}

@Event('session.refreshed.v1', 'sessionId', { subject: 'userId' })
export class SessionRefreshed extends Message<SessionRefreshed> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
  @IsTime() readonly refreshedAt!: string;
}

@Event('session.revoked.v1', 'sessionId', { subject: 'userId' })
export class SessionRevoked extends Message<SessionRevoked> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
  @IsIn(SessionEndings) @Example('logout') readonly reason!: SessionEnding;
  @IsTime() readonly revokedAt!: string;
}
