import { describe, it } from '@jest/globals';

import { ContactMethodsUpdated, UpdateContactMethods } from '../contract/index.js';
import { NotSubscribed, SubscriptionNotFound } from '../domain/errors.js';
import { ada, grace, happened, subscriptionId, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const command = new UpdateContactMethods({ subscriptionId, subscriberId: grace, contactMethods: ['sms'] });

describe('Choosing how to be told', () => {
  it('is for one subscription', () =>
    subscriptionsScenario().given(happened.subscribed()).when(command).then(happened.bySms));

  it('drops text messages where there is WhatsApp: it is one telephone', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(new UpdateContactMethods({ ...command, contactMethods: ['whatsapp', 'sms'] }))
      .then(new ContactMethodsUpdated({ ...happened.bySms, contactMethods: ['whatsapp'] })));

  it('is shown at once', () =>
    subscriptionsScenario()
      .given(happened.requested)
      .when(command)
      .thenRow(SubscriptionRow, subscriptionId, { version: 2, status: 'requested', contactMethods: ['sms'] }));

  it('of what was chosen before changes nothing', () =>
    subscriptionsScenario().given(happened.subscribed(), happened.bySms).when(command).thenNothing());

  it('is rejected where nobody follows', () =>
    subscriptionsScenario()
      .given(happened.subscribed(), happened.unsubscribed())
      .when(command)
      .thenRejected(NotSubscribed));

  it('is rejected to anyone but the subscriber, as if there were no subscription', () =>
    subscriptionsScenario()
      .given(happened.subscribed())
      .when(new UpdateContactMethods({ subscriptionId, subscriberId: ada, contactMethods: [] }))
      .thenRejected(SubscriptionNotFound));
});
