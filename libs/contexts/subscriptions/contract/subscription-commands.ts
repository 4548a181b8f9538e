import { IsUUID } from 'class-validator';

import { Command, Example, Message, Secret } from '#kernel';

import { KnownContactMethods, KnownRole, ShareTokenText } from './fields.js';
import type { ContactMethod, SubscriberRole } from './vocabulary.js';

/** Begins to follow a birthing person, or asks for it where she wants to be asked. */
@Command('subscriptions.subscribe_to.v1', 'subscriptionId')
export class SubscribeTo extends Message<SubscribeTo> {
  /** `subscriptionIdOf` the two. */
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @Secret() @ShareTokenText() @Example('K7QX2MPR4W') readonly token!: string;
}

@Command('subscriptions.unsubscribe_from.v1', 'subscriptionId')
export class UnsubscribeFrom extends Message<UnsubscribeFrom> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
}

@Command('subscriptions.approve_subscriber.v1', 'subscriptionId')
export class ApproveSubscriber extends Message<ApproveSubscriber> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.remove_subscriber.v1', 'subscriptionId')
export class RemoveSubscriber extends Message<RemoveSubscriber> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.block_subscriber.v1', 'subscriptionId')
export class BlockSubscriber extends Message<BlockSubscriber> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.unblock_subscriber.v1', 'subscriptionId')
export class UnblockSubscriber extends Message<UnblockSubscriber> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}

@Command('subscriptions.update_subscriber_role.v1', 'subscriptionId')
export class UpdateSubscriberRole extends Message<UpdateSubscriberRole> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @KnownRole() @Example('birth_partner') readonly role!: SubscriberRole;
}

@Command('subscriptions.update_contact_methods.v1', 'subscriptionId')
export class UpdateContactMethods extends Message<UpdateContactMethods> {
  @IsUUID() readonly subscriptionId!: string;
  @IsUUID() readonly subscriberId!: string;
  @KnownContactMethods() @Example(['sms']) readonly contactMethods!: readonly ContactMethod[];
}

/** Sent by the context itself: the account of one of the two is deleted. */
@Command('subscriptions.end_subscription.v1', 'subscriptionId')
export class EndSubscription extends Message<EndSubscription> {
  @IsUUID() readonly subscriptionId!: string;
}
