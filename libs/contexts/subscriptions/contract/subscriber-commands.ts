import { IsString, IsUUID } from 'class-validator';

import { Command, EmailAddress, Example, Message, Optional, Personal } from '#kernel';

import { KnownContactMethods } from './fields.js';
import type { ContactMethod } from './vocabulary.js';

@Command('subscriptions.register_subscriber.v1', 'subscriberId')
export class RegisterSubscriber extends Message<RegisterSubscriber> {
  /** The id of the user. */
  @IsUUID() readonly subscriberId!: string;
  /** What later subscriptions begin with. */
  @KnownContactMethods() @Example(['email', 'sms']) readonly contactMethods!: readonly ContactMethod[];
}

/** Recommends the service to somebody who is not here yet. */
@Command('subscriptions.send_subscriber_invite.v1', 'subscriberId')
export class SendSubscriberInvite extends Message<SendSubscriberInvite> {
  /** Who recommends it. */
  @IsUUID() readonly subscriberId!: string;
  @Personal() @EmailAddress() @Example('grace@example.org') readonly email!: string;
}

/** Sent by the context itself: who a user is, and how they are reached. What is absent is none. */
@Command('subscriptions.refresh_identity.v1', 'subscriberId')
export class RefreshIdentity extends Message<RefreshIdentity> {
  @IsUUID() readonly subscriberId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
}

/** Sent by the context itself: the account is deleted. */
@Command('subscriptions.forget_subscriber.v1', 'subscriberId')
export class ForgetSubscriber extends Message<ForgetSubscriber> {
  @IsUUID() readonly subscriberId!: string;
}
