import { IsBoolean, IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { Event, Example, Message, Optional, Personal } from '#kernel';

import { SubscriberRoles, type SubscriberRole } from './vocabulary.js';

@Event('birthing_person.registered.v1', 'birthingPersonId')
export class BirthingPersonRegistered extends Message<BirthingPersonRegistered> {
  /** The user's. */
  @IsUUID() readonly birthingPersonId!: string;
}

/** By what names a user is known by now, whether registered here or not. */
@Event('birthing_person.identity_recorded.v1', 'birthingPersonId', { private: true })
export class IdentityRecorded extends Message<IdentityRecorded> {
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
}

/** All that is known of one who follows, or did, after the news of a subscription. */
@Event('birthing_person.subscriber_recorded.v1', 'birthingPersonId', { private: true })
export class SubscriberRecorded extends Message<SubscriberRecorded> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsBoolean() @Example(true) readonly subscribed!: boolean;
  /** The subscription's version at the news that said so; 0: none has come. */
  @IsInt() @Example(2) readonly subscribedVersion!: number;
  @IsIn(SubscriberRoles) @Example('birth_partner') readonly role!: SubscriberRole;
  /** The subscription's version at the news that said so; 0: none has come. */
  @IsInt() @Example(2) readonly roleVersion!: number;
}

/** The account was deleted: nothing is kept of the person, and nothing is done for them any more. */
@Event('birthing_person.forgotten.v1', 'birthingPersonId', { private: true })
export class BirthingPersonForgotten extends Message<BirthingPersonForgotten> {
  @IsUUID() readonly birthingPersonId!: string;
}
