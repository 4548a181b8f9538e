import { describe, it } from '@jest/globals';

import { SubscribedTo, SubscribeTo, subscriptionIdOf } from '../contract/index.js';
import {
  AlreadyRequested,
  AlreadySubscribed,
  BirthingPersonNotFound,
  BlockedFromSubscribing,
  CannotSubscribeToSelf,
  SubscriberNotFound,
  SubscriptionTokenIncorrect,
} from '../domain/errors.js';
import {
  ada,
  grace,
  happened,
  nextToken,
  now,
  parties,
  registered,
  sharing,
  subscriptionId,
  subscriptionsScenario,
  token,
} from '../doubles/subscriptions-scenario.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const subscribe = new SubscribeTo({ ...parties, token });
const wrong = new SubscribeTo({ ...parties, token: 'ABCDEFGHJK' });
const shared = () => subscriptionsScenario().given(sharing.token, sharing.open);
const ready = () => shared().given(registered(grace, 'email'));
const selfId = subscriptionIdOf(ada, ada);
const toSelf = { subscriptionId: selfId, subscriberId: ada, birthingPersonId: ada };

describe('Subscribing', () => {
  it('with the token lets somebody follow, told as they want to be', () =>
    shared()
      .given(registered(grace, 'sms', 'email'))
      .when(subscribe)
      .then(new SubscribedTo({ ...parties, role: 'loved_one', contactMethods: ['sms', 'email'], version: 1 })));

  it('asks for it where the birthing person wants to be asked', () =>
    ready().given(sharing.approval).when(subscribe).then(happened.requested));

  it('is shown at once', () =>
    ready()
      .when(subscribe)
      .thenRow(SubscriptionRow, subscriptionId, {
        version: 1,
        subscriberId: grace,
        birthingPersonId: ada,
        status: 'subscribed',
        role: 'loved_one',
        contactMethods: ['email'],
        createdAt: new Date(now),
        updatedAt: new Date(now),
      }));

  it('needs the token that is shared by now', async () => {
    const rotated = ready().given(sharing.nextToken, sharing.rotated);
    await rotated.when(subscribe).thenRejected(SubscriptionTokenIncorrect);
    await rotated.when(new SubscribeTo({ ...parties, token: nextToken })).then(happened.subscribed());
  });

  it('begins again where it ended', async () => {
    const before = ready().given(happened.subscribed(), happened.unsubscribed());
    await before.when(subscribe).then(happened.subscribed(3));
    await before.given(sharing.approval).when(subscribe).then(happened.requested);
    await before.given(happened.removed).when(subscribe).then(happened.subscribed(4));
  });

  it('is rejected where that is so already', async () => {
    await ready().given(happened.subscribed()).when(subscribe).thenRejected(AlreadySubscribed);
    await ready().given(happened.requested).when(subscribe).thenRejected(AlreadyRequested);
  });

  it('is refused to who is blocked, until that is taken back', async () => {
    await ready().given(happened.requested, happened.blocked).when(subscribe).thenRejected(BlockedFromSubscribing);
    await ready()
      .given(happened.requested, happened.blocked, happened.unblocked)
      .when(subscribe)
      .then(happened.subscribed(4));
  });
});

describe('What is wrong with a subscription', () => {
  it('is first of all that somebody is no subscriber', async () => {
    await subscriptionsScenario().when(wrong).thenRejected(SubscriberNotFound);
    await shared()
      .when(new SubscribeTo({ ...toSelf, token: 'ABCDEFGHJK' }))
      .thenRejected(SubscriberNotFound);
  });

  it('is then that there is nobody to follow, or not any more', async () => {
    await subscriptionsScenario().given(registered(grace, 'email')).when(wrong).thenRejected(BirthingPersonNotFound);
    await ready().given(sharing.forgotten).when(wrong).thenRejected(BirthingPersonNotFound);
  });

  it('is then the token, whatever the subscription is', async () => {
    await ready().when(wrong).thenRejected(SubscriptionTokenIncorrect);
    await ready().given(happened.subscribed()).when(wrong).thenRejected(SubscriptionTokenIncorrect);
    await ready().given(happened.requested, happened.blocked).when(wrong).thenRejected(SubscriptionTokenIncorrect);
    await shared()
      .given(registered(ada, 'email'))
      .when(new SubscribeTo({ ...toSelf, token: 'ABCDEFGHJK' }))
      .thenRejected(SubscriptionTokenIncorrect);
  });

  it('is then that somebody would follow themself', () =>
    shared()
      .given(registered(ada, 'email'))
      .when(new SubscribeTo({ ...toSelf, token }))
      .thenRejected(CannotSubscribeToSelf));
});
