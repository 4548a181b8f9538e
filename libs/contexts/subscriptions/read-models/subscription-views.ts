import { IsArray, IsBoolean, IsIn, IsInt, IsString, IsUUID } from 'class-validator';

import { LabourPhases, type LabourPhase } from '#contexts/labour/contract/index.js';
import { Example, IsTime, Message, Nullable } from '#kernel';

import {
  ContactMethods,
  SubscriberRoles,
  SubscriptionStatuses,
  type ContactMethod,
  type SubscriberRole,
  type SubscriptionStatus,
} from '../contract/index.js';

/** Somebody who may follow others. */
export class SubscriberView extends Message<SubscriberView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(2) readonly version!: number;
  @Nullable() @IsString() @Example('Grace') readonly firstName!: string | null;
  @Nullable() @IsString() @Example('Hopper') readonly lastName!: string | null;
  /** As others see it: first and last name, or what the account is called. */
  @IsString() @Example('Grace Hopper') readonly fullName!: string;
  @IsString() @Example('grace@example.org') readonly email!: string;
  @Nullable() @IsString() @Example('+441632960961') readonly phoneNumber!: string | null;
  /** What new subscriptions begin with. */
  @IsArray()
  @IsIn(ContactMethods, { each: true })
  @Example(['email', 'sms'])
  readonly contactMethods!: readonly ContactMethod[];
  /** Ids of the birthing persons that are followed by now. */
  @IsArray()
  @IsString({ each: true })
  @Example(['0196a1de-0000-7000-8000-00000000000a'])
  readonly subscribedTo!: readonly string[];
  @IsTime() readonly registeredAt!: Date;
}

/** Who follows whom. */
export class SubscriptionView extends Message<SubscriptionView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(1) readonly version!: number;
  @IsUUID() readonly subscriberId!: string;
  @IsString() @Example('Grace Hopper') readonly subscriberName!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsString() @Example('Ada Lovelace') readonly birthingPersonName!: string;
  @IsIn(SubscriptionStatuses) @Example('subscribed') readonly status!: SubscriptionStatus;
  @IsIn(SubscriberRoles) @Example('loved_one') readonly role!: SubscriberRole;
  @IsArray()
  @IsIn(ContactMethods, { each: true })
  @Example(['email'])
  readonly contactMethods!: readonly ContactMethod[];
  /** Of the latest labour; null where there is none, and as long as nobody follows. */
  @Nullable() @IsIn(LabourPhases) @Example('early') readonly phase!: LabourPhase | null;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
}

/** What a birthing person hands on to those who may follow. */
export class ShareSettingsView extends Message<ShareSettingsView> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsInt() @Example(2) readonly version!: number;
  @IsString() @Example('K7QX2MPR4W') readonly token!: string;
  /** Whether who has the token still needs a yes. */
  @IsBoolean() @Example(false) readonly approvalRequired!: boolean;
}
