import { IsIn, IsInt, IsString, IsUUID, Min } from 'class-validator';

import { Command, Example, Message, Optional, Personal } from '#kernel';

import { SubscriberRoles, type SubscriberRole } from './vocabulary.js';

/** A user says that they are going to give birth. Their id is the birthing person's. */
@Command('labour.register_birthing_person.v1', 'birthingPersonId')
export class RegisterBirthingPerson extends Message<RegisterBirthingPerson> {
  @IsUUID() readonly birthingPersonId!: string;
}

/** Sent by the context itself: by what names a user is known by now, whether registered here or not. */
@Command('labour.refresh_identity.v1', 'birthingPersonId')
export class RefreshIdentity extends Message<RefreshIdentity> {
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsString() @Example('ada_l') readonly username!: string;
  /** Empty where none was given. */
  @Personal() @IsString() @Example('Ada Lovelace') readonly name!: string;
  @Optional() @Personal() @IsString() @Example('Ada') readonly firstName?: string;
  @Optional() @Personal() @IsString() @Example('Lovelace') readonly lastName?: string;
}

/** Sent by the context itself when an account was deleted. It is final. */
@Command('labour.forget_birthing_person.v1', 'birthingPersonId')
export class ForgetBirthingPerson extends Message<ForgetBirthingPerson> {
  @IsUUID() readonly birthingPersonId!: string;
}

/** Sent by the context itself. Of the news of one subscription, whichever comes first, the highest version holds. */
@Command('labour.add_subscriber.v1', 'birthingPersonId')
export class AddSubscriber extends Message<AddSubscriber> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsIn(SubscriberRoles) @Example('birth_partner') readonly role!: SubscriberRole;
  /** The subscription's. */
  @IsInt() @Min(1) @Example(2) readonly version!: number;
}

/** Sent by the context itself. */
@Command('labour.remove_subscriber.v1', 'birthingPersonId')
export class RemoveSubscriber extends Message<RemoveSubscriber> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  /** The subscription's. */
  @IsInt() @Min(1) @Example(3) readonly version!: number;
}

/** Sent by the context itself. */
@Command('labour.set_subscriber_role.v1', 'birthingPersonId')
export class SetSubscriberRole extends Message<SetSubscriberRole> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsIn(SubscriberRoles) @Example('birth_partner') readonly role!: SubscriberRole;
  /** The subscription's. */
  @IsInt() @Min(1) @Example(4) readonly version!: number;
}
