import { IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Optional, Personal } from '#kernel';

import { KnownContactMethods } from './fields.js';
import type { ContactMethod } from './vocabulary.js';

@Event('subscriber.registered.v1', 'subscriberId')
export class SubscriberRegistered extends Message<SubscriberRegistered> {
  @IsUUID() readonly subscriberId!: string;
  @KnownContactMethods() @Example(['email', 'sms']) readonly contactMethods!: readonly ContactMethod[];
}

@Event('subscriber.invite_sent.v1', 'subscriberId')
export class SubscriberInviteSent extends Message<SubscriberInviteSent> {
  /** Who recommends the service. */
  @IsUUID() readonly subscriberId!: string;
  @Personal() @IsString() @Example('grace@example.org') readonly email!: string;
}

/** Who a user is, as this context knows it. What it does not say is absent. */
@Event('subscriber.identity_refreshed.v1', 'subscriberId', { private: true })
export class SubscriberIdentityRefreshed extends Message<SubscriberIdentityRefreshed> {
  @IsUUID() readonly subscriberId!: string;
  @Personal() @IsString() @Example('ada@example.org') readonly email!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
  @Optional() @Personal() @IsString() @Example('+441632960961') readonly phoneNumber?: string;
}

/** The account is deleted: nothing is known of the user from now on, and they follow nobody any more. */
@Event('subscriber.forgotten.v1', 'subscriberId')
export class SubscriberForgotten extends Message<SubscriberForgotten> {
  @IsUUID() readonly subscriberId!: string;
}
