import { derivedId } from '#kernel';

/** What somebody who follows is to the birthing person. A birth partner may act for her. */
export const SubscriberRoles = ['birth_partner', 'support_person', 'loved_one'] as const;
export type SubscriberRole = (typeof SubscriberRoles)[number];

export const SubscriptionStatuses = ['requested', 'subscribed', 'unsubscribed', 'removed', 'blocked'] as const;
export type SubscriptionStatus = (typeof SubscriptionStatuses)[number];

/** The ways in which somebody who follows wants to be told. */
export const ContactMethods = ['email', 'sms', 'whatsapp'] as const;
export type ContactMethod = (typeof ContactMethods)[number];

/** Two people have one subscription, whatever becomes of it. */
export const subscriptionIdOf = (subscriberId: string, birthingPersonId: string): string =>
  derivedId('subscriptions.subscription', subscriberId, birthingPersonId);
