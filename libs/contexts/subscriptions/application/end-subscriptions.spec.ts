import { describe, it } from '@jest/globals';

import { send } from '#kernel';

import { EndSubscription, SubscribedTo, SubscriberForgotten, subscriptionIdOf } from '../contract/index.js';
import {
  ada,
  grace,
  happened,
  kay,
  known,
  sharing,
  subscriptionId,
  subscriptionsPolicy,
} from '../doubles/subscriptions-scenario.js';

const toKay = new SubscribedTo({
  subscriptionId: subscriptionIdOf(grace, kay),
  subscriberId: grace,
  birthingPersonId: kay,
  role: 'loved_one',
  contactMethods: [],
  version: 1,
});
const ofBoth = () => subscriptionsPolicy().given(happened.subscribed(), toKay);
const ended = send(new EndSubscription({ subscriptionId }));

describe('Somebody who is forgotten', () => {
  it('follows nobody any more: all subscriptions of both kinds end', () =>
    ofBoth()
      .on(known.graceForgotten)
      .then(
        ...([subscriptionId, toKay.subscriptionId]
          .toSorted()
          .map((id) => send(new EndSubscription({ subscriptionId: id }))) as [typeof ended]),
      ));

  it('is followed by nobody any more, and nobody else’s subscription ends', async () => {
    await ofBoth().on(sharing.forgotten).then(ended);
    await ofBoth()
      .on(new SubscriberForgotten({ subscriberId: ada }))
      .then(ended);
  });

  it('leaves nothing to end where they neither followed nor were followed', () =>
    subscriptionsPolicy().on(known.graceForgotten).thenNothing());
});
