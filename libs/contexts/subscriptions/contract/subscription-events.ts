import { IsInt, IsUUID } from 'class-validator';

import { Event, Example, Message } from '#kernel';

import { KnownContactMethods, KnownRole } from './fields.js';
import type { ContactMethod, SubscriberRole } from './vocabulary.js';

/** Somebody wants to follow, and waits for the birthing person's yes. */
@Event('subscriber.requested.v1', 'subscriptionId')
export class SubscriberRequested extends Message<SubscriberRequested> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownContactMethods() @Example(['email']) readonly contactMethods!: readonly ContactMethod[];
}

/** Somebody follows from now on. */
@Event('subscriber.subscribed_to.v1', 'subscriptionId')
export class SubscribedTo extends Message<SubscribedTo> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownRole() @Example('loved_one') readonly role!: SubscriberRole;
  @KnownContactMethods() @Example(['email']) readonly contactMethods!: readonly ContactMethod[];
  /** Of the subscription. Of two things that are told of it, the one with the higher version is true. */
  @IsInt() @Example(1) readonly version!: number;
}

/** Somebody follows no more, whoever wanted that. */
@Event('subscriber.unsubscribed_from.v1', 'subscriptionId')
export class UnsubscribedFrom extends Message<UnsubscribedFrom> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownRole() @Example('loved_one') readonly role!: SubscriberRole;
  /** Of the subscription. Of two things that are told of it, the one with the higher version is true. */
  @IsInt() @Example(2) readonly version!: number;
}

/** The birthing person said yes; `subscriber.subscribed_to.v1` follows. */
@Event('subscriber.approved.v1', 'subscriptionId')
export class SubscriberApproved extends Message<SubscriberApproved> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

/** The birthing person no longer wants to be followed; `subscriber.unsubscribed_from.v1` came before, if that was so. */
@Event('subscriber.removed.v1', 'subscriptionId')
export class SubscriberRemoved extends Message<SubscriberRemoved> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

/** As removed, and not to come back. */
@Event('subscriber.blocked.v1', 'subscriptionId')
export class SubscriberBlocked extends Message<SubscriberBlocked> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

/** May come back. */
@Event('subscriber.unblocked.v1', 'subscriptionId')
export class SubscriberUnblocked extends Message<SubscriberUnblocked> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

@Event('subscriber.role_updated.v1', 'subscriptionId')
export class SubscriberRoleUpdated extends Message<SubscriberRoleUpdated> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownRole() @Example('birth_partner') readonly role!: SubscriberRole;
  /** Of the subscription. Of two things that are told of it, the one with the higher version is true. */
  @IsInt() @Example(2) readonly version!: number;
}

@Event('subscriber.contact_methods_updated.v1', 'subscriptionId')
export class ContactMethodsUpdated extends Message<ContactMethodsUpdated> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownContactMethods() @Example(['sms']) readonly contactMethods!: readonly ContactMethod[];
}

/** The account of one of the two is deleted: nothing is shown of it any more. */
@Event('subscription.ended.v1', 'subscriptionId', { private: true })
export class SubscriptionEnded extends Message<SubscriptionEnded> {
  @IsUUID() readonly subscriptionId!: string;
}
