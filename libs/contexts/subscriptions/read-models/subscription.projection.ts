import { fold, on, projection, type EventMeta } from '#kernel';

import {
  ContactMethodsUpdated,
  SubscribedTo,
  SubscriberApproved,
  SubscriberBlocked,
  SubscriberRemoved,
  SubscriberRequested,
  SubscriberRoleUpdated,
  SubscriberUnblocked,
  SubscriptionEnded,
  UnsubscribedFrom,
  type SubscriptionStatus,
} from '../contract/index.js';
import { SubscriptionRow } from './subscription.entity.js';

type Subscription = Omit<SubscriptionRow, 'version'>;

const becomes =
  (status: SubscriptionStatus) =>
  (row: Subscription, _: object, { occurredAt }: EventMeta): Subscription => ({
    ...row,
    status,
    updatedAt: occurredAt,
  });

export const subscriptions = projection('subscriptions.subscriptions', SubscriptionRow, {
  inline: true,
  fold: fold<Subscription>(
    on(SubscriberRequested, (row, requested, { occurredAt }) => ({
      id: requested.subscriptionId,
      subscriberId: requested.subscriberId,
      birthingPersonId: requested.birthingPersonId,
      status: 'requested',
      role: 'loved_one',
      contactMethods: requested.contactMethods,
      createdAt: row?.createdAt ?? occurredAt,
      updatedAt: occurredAt,
    })),
    on(SubscribedTo, (row, subscribed, { occurredAt }) => ({
      id: subscribed.subscriptionId,
      subscriberId: subscribed.subscriberId,
      birthingPersonId: subscribed.birthingPersonId,
      status: 'subscribed',
      role: subscribed.role,
      contactMethods: subscribed.contactMethods,
      createdAt: row?.createdAt ?? occurredAt,
      updatedAt: occurredAt,
    })),
    on(SubscriberApproved, (row) => row),
    on(UnsubscribedFrom, becomes('unsubscribed')),
    on(SubscriberRemoved, becomes('removed')),
    on(SubscriberBlocked, becomes('blocked')),
    on(SubscriberUnblocked, becomes('removed')),
    on(SubscriberRoleUpdated, (row, { role }, { occurredAt }) => ({ ...row, role, updatedAt: occurredAt })),
    on(ContactMethodsUpdated, (row, { contactMethods }, { occurredAt }) => ({
      ...row,
      contactMethods,
      updatedAt: occurredAt,
    })),
    on(SubscriptionEnded, () => null),
  ),
});
