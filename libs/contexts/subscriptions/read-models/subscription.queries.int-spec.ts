import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { LabourBegun } from '#contexts/labour/contract/index.js';
import { newId } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { Cursors } from '#platform/http/cursors.js';
import { withoutKeys } from '#platform/privacy/privacy.js';

import {
  ShareSettingsUpdated,
  ShareTokenSet,
  SubscribedTo,
  SubscriberBlocked,
  SubscriberForgotten,
  SubscriberIdentityRefreshed,
  SubscriberRegistered,
  SubscriberRequested,
  subscriptionIdOf,
  UnsubscribedFrom,
} from '../contract/index.js';
import { RecordedSubscriptions } from '../doubles/recorded-subscriptions.js';
import { SubscriptionPersonalData } from './personal-data.js';
import { ShareSettingsQueries } from './share-settings.queries.js';
import { SubscriberQueries } from './subscriber.queries.js';
import { OwnSubscriptionQueries, SubscriptionQueries } from './subscription.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';
let recorded: RecordedSubscriptions;
let queries: SubscriptionQueries;
beforeAll(async () => {
  recorded = await RecordedSubscriptions.create();
  queries = new SubscriptionQueries(recorded.reading, new Cursors('a secret of more than thirty letters'));
});
afterAll(() => recorded?.remove());

/** Somebody of whom that is known. */
async function somebody(firstName: string, more: object = {}): Promise<AuthenticatedUser> {
  const id = newId();
  const name = { email: `${firstName}@example.org`, username: firstName.toLowerCase(), name: '', firstName };
  await recorded.happened(at, new SubscriberIdentityRefreshed({ subscriberId: id, ...name, ...more }));
  return { id, roles: ['user'] };
}

const parties = (subscriber: AuthenticatedUser, birthingPerson: AuthenticatedUser) => ({
  subscriptionId: subscriptionIdOf(subscriber.id, birthingPerson.id),
  subscriberId: subscriber.id,
  birthingPersonId: birthingPerson.id,
});
const subscribed = (subscriber: AuthenticatedUser, birthingPerson: AuthenticatedUser): SubscribedTo =>
  new SubscribedTo({
    ...parties(subscriber, birthingPerson),
    role: 'loved_one',
    contactMethods: ['email'],
    version: 1,
  });
const requested = (subscriber: AuthenticatedUser, birthingPerson: AuthenticatedUser): SubscriberRequested =>
  new SubscriberRequested({ ...parties(subscriber, birthingPerson), contactMethods: [] });

describe('A subscription', () => {
  it('is shown with both names, and the phase of the labour', async () => {
    const [ada, grace] = [await somebody('Ada', { lastName: 'Lovelace' }), await somebody('Grace')];
    const labourId = newId();
    await recorded.happened(at, subscribed(grace, ada));
    await recorded.happened(
      later,
      new LabourBegun({ labourId, birthingPersonId: ada.id, firstLabour: true, startTime: later }),
    );
    await recorded.followed();
    const { subscriptionId } = parties(grace, ada);
    const view = {
      id: subscriptionId,
      version: 1,
      subscriber_id: grace.id,
      subscriber_name: 'Grace',
      birthing_person_id: ada.id,
      birthing_person_name: 'Ada Lovelace',
      status: 'subscribed',
      role: 'loved_one',
      contact_methods: ['email'],
      phase: 'early',
      created_at: new Date(at),
      updated_at: new Date(at),
    };
    expect(await queries.byId(subscriptionId, grace)).toEqual(view);
    expect(await queries.byId(subscriptionId, ada)).toEqual(view);
    expect(await queries.of(grace, {})).toEqual({ items: [view], next_cursor: null });
    expect(await queries.to(ada, {})).toEqual({ items: [view], next_cursor: null });

    await recorded.happened(later, new UnsubscribedFrom({ ...parties(grace, ada), role: 'loved_one', version: 2 }));
    expect(await queries.byId(subscriptionId, ada)).toMatchObject({ status: 'unsubscribed', phase: null });
  });

  it('does not exist for anybody else, administrators included', async () => {
    const [ada, grace] = [await somebody('Ada'), await somebody('Grace')];
    await recorded.happened(at, subscribed(grace, ada));
    const { subscriptionId } = parties(grace, ada);
    for (const reader of [await somebody('Kay'), { id: newId(), roles: ['user', 'admin'] }])
      expect(await queries.byId(subscriptionId, reader)).toBeUndefined();
  });

  it('is read by its subscriber only while they follow; while they wait, as the answer to what they did', async () => {
    const [ada, grace] = [await somebody('Ada'), await somebody('Grace')];
    const { subscriptionId } = parties(grace, ada);
    const own = new OwnSubscriptionQueries(queries);
    await recorded.happened(at, requested(grace, ada));
    expect(await queries.byId(subscriptionId, grace)).toBeUndefined();
    expect(await own.byId(subscriptionId, grace)).toMatchObject({ status: 'requested', phase: null });
    expect(await queries.byId(subscriptionId, ada)).toMatchObject({ status: 'requested' });
    expect((await queries.of(grace, {})).items).toMatchObject([{ status: 'requested' }]);

    await recorded.happened(later, new SubscriberBlocked(parties(grace, ada)));
    expect(await queries.byId(subscriptionId, grace)).toBeUndefined();
    expect(await own.byId(subscriptionId, grace)).toBeUndefined();
    expect((await queries.of(grace, {})).items).toEqual([]);
    expect(await queries.byId(subscriptionId, ada)).toMatchObject({ status: 'blocked' });
  });

  it('is listed by status, page by page', async () => {
    const ada = await somebody('Ada');
    const followers = [await somebody('Grace'), await somebody('Kay'), await somebody('Jean')];
    for (const [n, one] of followers.entries())
      await recorded.happened(`2026-03-0${n + 1}T10:00:00.000Z`, n === 1 ? requested(one, ada) : subscribed(one, ada));
    const names = (page: { readonly items: readonly { readonly subscriber_name: string }[] }): readonly string[] =>
      page.items.map(({ subscriber_name: name }) => name);
    expect(names(await queries.to(ada, {}))).toEqual(['Jean', 'Kay', 'Grace']);
    expect(names(await queries.to(ada, { status: ['requested'] }))).toEqual(['Kay']);
    expect(names(await queries.to(ada, { status: ['requested', 'subscribed'], sort: 'created_at' }))).toEqual([
      'Grace',
      'Kay',
      'Jean',
    ]);
    const first = await queries.to(ada, { limit: 2, include: 'total' });
    expect(names(first)).toEqual(['Jean', 'Kay']);
    expect(first.total).toBe(3);
    expect(names(await queries.to(ada, { limit: 2, cursor: String(first.next_cursor) }))).toEqual(['Grace']);
  });
});

describe('A subscriber', () => {
  it('sees themself, and whom they follow', async () => {
    const subscribers = new SubscriberQueries(recorded.reading);
    const [ada, kay, grace] = [await somebody('Ada'), await somebody('Kay'), await somebody('Grace')];
    expect(await subscribers.byId(grace.id, grace)).toBeUndefined();
    const register = new SubscriberRegistered({ subscriberId: grace.id, contactMethods: ['sms'] });
    await recorded.happened(later, register, subscribed(grace, ada), requested(grace, kay));
    expect(await subscribers.byId(grace.id, grace)).toEqual({
      id: grace.id,
      version: 2,
      first_name: 'Grace',
      last_name: null,
      full_name: 'Grace',
      email: 'Grace@example.org',
      phone_number: null,
      contact_methods: ['sms'],
      subscribed_to: [ada.id],
      registered_at: new Date(later),
    });
    expect(await subscribers.byId(grace.id, ada)).toBeUndefined();
  });
});

describe('A token', () => {
  it('is read by its owner alone', async () => {
    const settings = new ShareSettingsQueries(recorded.reading);
    const ada = await somebody('Ada');
    await recorded.happened(at, new ShareTokenSet({ birthingPersonId: ada.id, token: 'K7QX2MPR4W' }));
    expect(await settings.byId(ada.id, ada)).toEqual({
      birthing_person_id: ada.id,
      version: 1,
      token: 'K7QX2MPR4W',
      approval_required: false,
    });
    expect(await settings.byId(ada.id, { id: newId() })).toBeUndefined();
  });
});

describe('What is kept of somebody', () => {
  it('is who they are, whom they follow, and that they may be followed, without the token', async () => {
    const personal = new SubscriptionPersonalData(recorded.reading, new EventLog(recorded.reading, withoutKeys));
    const [ada, grace] = [await somebody('Ada'), await somebody('Grace')];
    await recorded.happened(
      at,
      new ShareTokenSet({ birthingPersonId: ada.id, token: 'K7QX2MPR4W' }),
      new ShareSettingsUpdated({ birthingPersonId: ada.id, approvalRequired: true }),
      subscribed(grace, ada),
    );
    const kept = await personal.of(ada.id);
    expect(kept).toMatchObject({
      subscriber: { email: 'Ada@example.org', registered_at: null },
      following: [],
      sharing: { approval_required: true, followers: 1 },
      history: [{ version: 1, type: 'subscriber.identity_refreshed.v1', data: { first_name: 'Ada' } }],
    });
    expect(JSON.stringify(kept)).not.toContain('K7QX2MPR4W');
    expect(await personal.of(grace.id)).toMatchObject({
      following: [{ birthing_person_id: ada.id, role: 'loved_one' }],
    });
    await recorded.happened(later, new SubscriberForgotten({ subscriberId: grace.id }));
    expect(await personal.of(grace.id)).toBeUndefined();
  });
});
