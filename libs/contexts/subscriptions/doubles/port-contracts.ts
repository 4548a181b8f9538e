import { expect, it } from '@jest/globals';

import type { Audience, ShareSettingsLookup, SubscriberLookup, SubscriptionLookup } from '../application/ports.js';
import {
  ShareSettingsForgotten,
  ShareSettingsUpdated,
  ShareTokenRotated,
  ShareTokenSet,
  SubscribedTo,
  SubscriberForgotten,
  SubscriberIdentityRefreshed,
  SubscriberRegistered,
  SubscriberRemoved,
  SubscriberRequested,
  subscriptionIdOf,
  UnsubscribedFrom,
} from '../contract/index.js';

type Asking<Port> = (past: readonly object[], ask: (port: Port) => Promise<void>) => Promise<void>;

let made = 0;
const newId = (): string => `0196a1de-0000-7000-8000-0000000e${String(++made).padStart(4, '0')}`;

const known = (subscriberId: string, firstName: string): SubscriberIdentityRefreshed =>
  new SubscriberIdentityRefreshed({
    subscriberId,
    email: `${firstName.toLowerCase()}@example.org`,
    username: firstName.toLowerCase(),
    name: '',
    firstName,
  });
const person = (id: string, firstName: string) => ({
  id,
  email: `${firstName.toLowerCase()}@example.org`,
  username: firstName.toLowerCase(),
  name: '',
  firstName,
  lastName: null,
  phoneNumber: null,
});
const subscribed = (subscriberId: string, birthingPersonId: string): SubscribedTo =>
  new SubscribedTo({
    subscriptionId: subscriptionIdOf(subscriberId, birthingPersonId),
    subscriberId,
    birthingPersonId,
    role: 'loved_one',
    contactMethods: ['sms', 'email'],
    version: 1,
  });
const unsubscribed = (subscriberId: string, birthingPersonId: string): UnsubscribedFrom =>
  new UnsubscribedFrom({
    subscriptionId: subscriptionIdOf(subscriberId, birthingPersonId),
    subscriberId,
    birthingPersonId,
    role: 'loved_one',
    version: 2,
  });

/** What every `SubscriberLookup` promises. */
export function subscriberLookupContract(asking: Asking<SubscriberLookup>): void {
  it('knows how a registered subscriber wants to be told, also not at all', async () => {
    const [ann, bob] = [newId(), newId()];
    const past = [
      known(ann, 'Ann'),
      new SubscriberRegistered({ subscriberId: ann, contactMethods: ['sms', 'email'] }),
      new SubscriberRegistered({ subscriberId: bob, contactMethods: [] }),
    ];
    await asking(past, async (subscribers) => {
      expect(await subscribers.contactMethodsOf(ann)).toEqual(['sms', 'email']);
      expect(await subscribers.contactMethodsOf(bob)).toEqual([]);
    });
  });

  it('knows nobody who did not register, or is forgotten, or never was', async () => {
    const [ann, bob] = [newId(), newId()];
    const past = [
      known(ann, 'Ann'),
      new SubscriberRegistered({ subscriberId: bob, contactMethods: [] }),
      new SubscriberForgotten({ subscriberId: bob }),
    ];
    await asking(past, async (subscribers) => {
      for (const id of [ann, bob, newId()]) expect(await subscribers.contactMethodsOf(id)).toBeUndefined();
    });
  });
}

/** What every `ShareSettingsLookup` promises. */
export function shareSettingsLookupContract(asking: Asking<ShareSettingsLookup>): void {
  it('knows the token that is shared by now, and whether a yes is needed', async () => {
    const birthingPersonId = newId();
    const past = [
      new ShareTokenSet({ birthingPersonId, token: 'TOKEN22222' }),
      new ShareSettingsUpdated({ birthingPersonId, approvalRequired: true }),
      new ShareTokenSet({ birthingPersonId, token: 'TOKEN33333' }),
      new ShareTokenRotated({ birthingPersonId }),
    ];
    await asking(past, async (settings) =>
      expect(await settings.of(birthingPersonId)).toEqual({ token: 'TOKEN33333', approvalRequired: true }),
    );
  });

  it('knows nobody who is forgotten, or never was', async () => {
    const birthingPersonId = newId();
    const past = [
      new ShareTokenSet({ birthingPersonId, token: 'TOKEN22222' }),
      new ShareSettingsForgotten({ birthingPersonId }),
    ];
    await asking(past, async (settings) => {
      for (const id of [birthingPersonId, newId()]) expect(await settings.of(id)).toBeUndefined();
    });
  });
}

/** What every `SubscriptionLookup` promises. */
export function subscriptionLookupContract(asking: Asking<SubscriptionLookup>): void {
  it('finds all subscriptions of a person, of both kinds and in whatever status, and nobody else’s', async () => {
    const [ann, bob, cat] = [newId(), newId(), newId()];
    const past = [subscribed(ann, bob), unsubscribed(ann, bob), subscribed(cat, ann), subscribed(bob, cat)];
    await asking(past, async (subscriptions) => {
      const both = [subscriptionIdOf(ann, bob), subscriptionIdOf(cat, ann)];
      expect(await subscriptions.of(ann)).toEqual(both.toSorted());
      expect(await subscriptions.of(newId())).toEqual([]);
    });
  });
}

/** What every `Audience` on `https://births.example` promises. */
export function audienceContract(asking: Asking<Audience>): void {
  it('finds those who follow by now, in order, and as they want to be told', async () => {
    const [ann, bob, cat, dan] = [newId(), newId(), newId(), newId()];
    const past = [
      known(ann, 'Ann'),
      known(bob, 'Bob'),
      known(cat, 'Cat'),
      subscribed(cat, ann),
      subscribed(bob, ann),
      subscribed(dan, ann),
      subscribed(ann, cat),
    ];
    await asking(past, async (audience) => {
      const contactMethods = ['sms', 'email'];
      expect(await audience.following(ann)).toEqual({
        birthingPerson: person(ann, 'Ann'),
        followers: [
          { ...person(bob, 'Bob'), contactMethods },
          { ...person(cat, 'Cat'), contactMethods },
        ],
        link: `https://births.example/births/${ann}`,
      });
    });
  });

  it('leaves out who only asked, unsubscribed or was removed', async () => {
    const [ann, bob, cat, dan] = [newId(), newId(), newId(), newId()];
    const parties = { subscriptionId: subscriptionIdOf(cat, ann), subscriberId: cat, birthingPersonId: ann };
    const asked = { subscriptionId: subscriptionIdOf(dan, ann), subscriberId: dan, birthingPersonId: ann };
    const past = [
      ...[ann, bob, cat, dan].map((id, at) => known(id, ['Ann', 'Bob', 'Cat', 'Dan'][at] as string)),
      subscribed(bob, ann),
      unsubscribed(bob, ann),
      subscribed(cat, ann),
      new SubscriberRemoved(parties),
      new SubscriberRequested({ ...asked, contactMethods: ['email'] }),
    ];
    await asking(past, async (audience) => expect((await audience.following(ann))?.followers).toEqual([]));
  });

  it('knows the two between whom a subscription is', async () => {
    const [ann, bob] = [newId(), newId()];
    await asking([known(ann, 'Ann'), known(bob, 'Bob'), subscribed(bob, ann)], async (audience) => {
      expect(await audience.parties(bob, ann)).toEqual({
        subscriber: person(bob, 'Bob'),
        birthingPerson: person(ann, 'Ann'),
        decision: `https://births.example/subscriptions/${subscriptionIdOf(bob, ann)}`,
        link: `https://births.example/births/${ann}`,
      });
    });
  });

  it('knows who may be followed, and who recommends', async () => {
    const [ann, bob] = [newId(), newId()];
    const shared = new ShareTokenSet({ birthingPersonId: ann, token: 'TOKEN22222' });
    await asking([known(ann, 'Ann'), known(bob, 'Bob'), shared], async (audience) => {
      expect(await audience.birthingPerson(ann)).toEqual(person(ann, 'Ann'));
      expect(await audience.birthingPerson(bob)).toBeUndefined();
      expect(await audience.recommendationOf(ann)).toEqual({
        recommender: person(ann, 'Ann'),
        link: 'https://births.example',
      });
    });
  });

  it('tells who is forgotten from who is not known yet', async () => {
    const [ann, bob, cat, dan] = [newId(), newId(), newId(), newId()];
    const past = [
      known(ann, 'Ann'),
      known(bob, 'Bob'),
      known(dan, 'Dan'),
      subscribed(bob, ann),
      subscribed(ann, bob),
      new SubscriberForgotten({ subscriberId: ann }),
      new ShareTokenSet({ birthingPersonId: dan, token: 'TOKEN22222' }),
      new ShareSettingsForgotten({ birthingPersonId: dan }),
      new SubscriberRegistered({ subscriberId: cat, contactMethods: [] }),
      subscribed(cat, bob),
    ];
    await asking(past, async (audience) => {
      expect(await audience.following(ann)).toBeUndefined();
      expect((await audience.following(bob))?.followers).toEqual([]);
      expect(await audience.parties(bob, ann)).toBe('forgotten');
      expect(await audience.parties(ann, bob)).toBe('forgotten');
      expect(await audience.birthingPerson(ann)).toBe('forgotten');
      expect(await audience.birthingPerson(dan)).toBe('forgotten');
      expect(await audience.recommendationOf(ann)).toBe('forgotten');
      for (const id of [cat, newId()]) {
        expect(await audience.parties(id, bob)).toBeUndefined();
        expect(await audience.birthingPerson(id)).toBeUndefined();
        expect(await audience.recommendationOf(id)).toBeUndefined();
      }
    });
  });
}
