import { describe, it } from '@jest/globals';

import { RegisterSubscriber } from '../contract/index.js';
import { SubscriberAlreadyExists, SubscriberNotFound } from '../domain/errors.js';
import { grace, known, now, registered, subscriptionsScenario } from '../doubles/subscriptions-scenario.js';
import { SubscriberRow } from '../read-models/subscriber.entity.js';

const register = new RegisterSubscriber({ subscriberId: grace, contactMethods: ['email', 'sms'] });

describe('Registering as a subscriber', () => {
  it('tells how somebody wants to be told', () =>
    subscriptionsScenario()
      .given(known.grace)
      .when(register)
      .then(registered(grace, 'email', 'sms')));

  it('does not wait until it is known who they are', () =>
    subscriptionsScenario()
      .when(register)
      .then(registered(grace, 'email', 'sms')));

  it('needs no way at all to be told', () =>
    subscriptionsScenario()
      .when(new RegisterSubscriber({ subscriberId: grace, contactMethods: [] }))
      .then(registered(grace)));

  it('drops text messages where there is WhatsApp: it is one telephone', () =>
    subscriptionsScenario()
      .when(new RegisterSubscriber({ subscriberId: grace, contactMethods: ['sms', 'email', 'whatsapp'] }))
      .then(registered(grace, 'email', 'whatsapp')));

  it('is shown at once, with who they are', () =>
    subscriptionsScenario()
      .given(known.grace)
      .when(register)
      .thenRow(SubscriberRow, grace, {
        version: 2,
        email: 'grace@example.org',
        username: 'grace',
        name: '',
        firstName: 'Grace',
        lastName: 'Hopper',
        phoneNumber: '+441632960961',
        registeredAt: new Date(now),
        contactMethods: ['email', 'sms'],
      }));

  it('happens once', () =>
    subscriptionsScenario().given(registered(grace, 'email')).when(register).thenRejected(SubscriberAlreadyExists));

  it('does not bring back who was forgotten', () =>
    subscriptionsScenario().given(known.grace, known.graceForgotten).when(register).thenRejected(SubscriberNotFound));
});
