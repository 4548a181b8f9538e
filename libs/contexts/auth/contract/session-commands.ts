import { IsIn, IsUUID } from 'class-validator';

import { Command, EmailAddress, Example, Message, Personal } from '#kernel';

import { ProviderName, Username } from './fields.js';
import { SessionEndings, type SessionEnding } from './vocabulary.js';

// Sessions are the API's own. These tell afterwards what has become of one.

@Command('auth.record_sign_in.v1', 'sessionId', { subject: 'userId' })
export class RecordSignIn extends Message<RecordSignIn> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
  @Personal() @EmailAddress() @Example('ada@example.org') readonly email!: string;
  @Personal() @Username() @Example('ada_l') readonly username!: string;
  /** `password`, or the name of an identity provider. */
  @ProviderName() @Example('password') readonly method!: string;
}

@Command('auth.record_session_refresh.v1', 'sessionId', { subject: 'userId' })
export class RecordSessionRefresh extends Message<RecordSessionRefresh> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
}

@Command('auth.record_session_end.v1', 'sessionId', { subject: 'userId' })
export class RecordSessionEnd extends Message<RecordSessionEnd> {
  @IsUUID() readonly sessionId!: string;
  @IsUUID() readonly userId!: string;
  @IsIn(SessionEndings) @Example('logout') readonly reason!: SessionEnding;
}

/** Logs out everywhere: every session from before is over. */
@Command('auth.end_all_sessions.v1', 'userId')
export class EndAllSessions extends Message<EndAllSessions> {
  @IsUUID() readonly userId!: string;
}
