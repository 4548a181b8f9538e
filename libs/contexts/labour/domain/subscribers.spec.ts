import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { SubscriberRecord } from '../contract/index.js';
import { afterNews, type SubscriptionNews } from './subscribers.js';

const of = { subscriptionId: 'subscription', subscriberId: 'subscriber' };

const after = (news: readonly SubscriptionNews[]): SubscriberRecord | undefined =>
  news.reduce<SubscriberRecord | undefined>((known, one) => afterNews(known, one) ?? known, undefined);

const added = (version: number): SubscriptionNews => ({ ...of, version, subscribed: true, role: 'loved_one' });
const removed = (version: number): SubscriptionNews => ({ ...of, version, subscribed: false });
const partner = (version: number): SubscriptionNews => ({ ...of, version, role: 'birth_partner' });

describe('The news of a subscription', () => {
  it('say who follows, and as what', () => {
    expect(after([added(1)])).toMatchObject({ subscribed: true, role: 'loved_one' });
    expect(after([added(1), partner(2)])).toMatchObject({ subscribed: true, role: 'birth_partner' });
    expect(after([added(1), partner(2), removed(3)])).toMatchObject({ subscribed: false });
  });

  it('remove one before they add it, and it stays removed', () => {
    expect(after([removed(2), added(1)])).toMatchObject({ subscribed: false, subscribedVersion: 2 });
  });

  it('give a role before they add one, and it has that role', () => {
    expect(after([partner(2), added(1)])).toMatchObject({ subscribed: true, role: 'birth_partner' });
  });

  it('change nothing the second time', () => {
    const known = after([added(1), partner(2)]);
    expect(afterNews(known, added(1))).toBeUndefined();
    expect(afterNews(known, partner(2))).toBeUndefined();
  });

  it('end the same in whatever order and however often they come', () => {
    const history = fc
      .array(fc.constantFrom(added, removed, partner), { minLength: 1, maxLength: 8 })
      .map((acts) => acts.map((act, n) => act(n + 1)));
    const arrivals = history.chain((news) =>
      fc.tuple(fc.constant(news), fc.shuffledSubarray([...news, ...news], { minLength: news.length * 2 })),
    );
    fc.assert(fc.property(arrivals, ([news, arrived]) => expect(after(arrived)).toEqual(after(news))));
  });
});
