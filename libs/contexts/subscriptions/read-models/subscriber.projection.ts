import { fold, on, projection } from '#kernel';

import {
  SubscriberForgotten,
  SubscriberIdentityRefreshed,
  SubscriberInviteSent,
  SubscriberRegistered,
} from '../contract/index.js';
import { SubscriberRow } from './subscriber.entity.js';

type Subscriber = Omit<SubscriberRow, 'version'>;

const unknown = {
  email: '',
  username: '',
  name: '',
  firstName: null,
  lastName: null,
  phoneNumber: null,
  registeredAt: null,
  contactMethods: [],
};

export const subscribers = projection('subscriptions.subscribers', SubscriberRow, {
  inline: true,
  version: 2,
  fold: fold<Subscriber>(
    on(SubscriberIdentityRefreshed, (row, { subscriberId, email, username, name, ...more }) => ({
      ...unknown,
      ...row,
      id: subscriberId,
      email,
      username,
      name,
      firstName: more.firstName ?? null,
      lastName: more.lastName ?? null,
      phoneNumber: more.phoneNumber ?? null,
    })),
    on(SubscriberRegistered, (row, { subscriberId, contactMethods }, { occurredAt }) => ({
      ...unknown,
      ...row,
      id: subscriberId,
      registeredAt: occurredAt,
      contactMethods,
    })),
    on(SubscriberInviteSent, (row) => row),
    on(SubscriberForgotten, (_, { subscriberId }) => ({ ...unknown, id: subscriberId })),
  ),
});
