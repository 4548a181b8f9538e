import { describe, expect, it } from '@jest/globals';

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
  subscriptionIdOf,
  UnsubscribedFrom,
  type SubscriptionStatus,
} from '../contract/index.js';
import { NotSubscribed, RoleUnchanged, SubscriptionNotFound } from './errors.js';
import { Subscription } from './subscription.js';

const at = new Date('2026-03-01T10:00:00.000Z');
const grace = '0196a1de-0000-7000-8000-00000000000a';
const ada = '0196a1de-0000-7000-8000-00000000000b';
const stranger = '0196a1de-0000-7000-8000-00000000000c';
const subscriptionId = subscriptionIdOf(grace, ada);
const parties = { subscriptionId, subscriberId: grace, birthingPersonId: ada };

const requested = new SubscriberRequested({ ...parties, contactMethods: ['email'] });
const approved = new SubscriberApproved(parties);
const removed = new SubscriberRemoved(parties);
const blocked = new SubscriberBlocked(parties);
const unblocked = new SubscriberUnblocked(parties);
const subscribed = (version: number): SubscribedTo =>
  new SubscribedTo({ ...parties, role: 'loved_one', contactMethods: ['email'], version });
const unsubscribed = (version: number): UnsubscribedFrom =>
  new UnsubscribedFrom({ ...parties, role: 'loved_one', version });

/** How a subscription comes into each status. */
const histories: Readonly<Record<SubscriptionStatus, readonly object[]>> = {
  requested: [requested],
  subscribed: [subscribed(1)],
  unsubscribed: [subscribed(1), unsubscribed(2)],
  removed: [subscribed(1), unsubscribed(2), removed],
  blocked: [subscribed(1), unsubscribed(2), blocked],
};

const statusAfter = (events: readonly object[]): SubscriptionStatus =>
  subscriptionAfter(...events).snapshot.state?.status as SubscriptionStatus;

function subscriptionAfter(...events: readonly object[]): Subscription {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: grace }));
  const fresh = new Subscription(subscriptionId);
  return fresh.restore(new Subscription(subscriptionId).replay(past), { at, actor: grace });
}

const admission = (approvalRequired: boolean) => ({ approvalRequired, contactMethods: ['email'] as const });

const commands: Readonly<Record<string, (one: Subscription) => void>> = {
  SubscribeTo: (one) => one.subscribe(parties, admission(false)),
  'SubscribeTo, with approval': (one) => one.subscribe(parties, admission(true)),
  Unsubscribe: (one) => one.unsubscribe(grace),
  Approve: (one) => one.approve(ada),
  Remove: (one) => one.remove(ada),
  Block: (one) => one.block(ada),
  Unblock: (one) => one.unblock(ada),
};

const table = `
| status       | SubscribeTo            | SubscribeTo, with approval | Unsubscribe      | Approve              | Remove               | Block                | Unblock       |
| none         | → subscribed           | → requested                |                  |                      |                      |                      |               |
| requested    | already_requested      | already_requested          | not_subscribed   | → subscribed         | → removed            | → blocked            | not_blocked   |
| subscribed   | already_subscribed     | already_subscribed         | → unsubscribed   | already_subscribed   | → removed            | → blocked            | not_blocked   |
| unsubscribed | → subscribed           | → requested                | not_subscribed   | not_requested        | → removed            | → blocked            | not_blocked   |
| removed      | → subscribed           | → requested                | not_subscribed   | not_requested        | already_removed      | → blocked            | not_blocked   |
| blocked      | subscriber_blocked 403 | subscriber_blocked 403     | not_subscribed   | subscriber_blocked   | subscriber_blocked   | subscriber_blocked   | → removed     |`;

const [header = [], ...rows] = table
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const cells = rows.flatMap(([status = '', ...outcomes]) =>
  outcomes.map((outcome, index) => [status, header[index + 1] as string, outcome] as const),
);

describe('The table of statuses and commands', () => {
  it.each(cells.filter(([, , outcome]) => outcome !== ''))('%s, %s: %s', (status, command, outcome) => {
    const subscription = subscriptionAfter(...(histories[status as SubscriptionStatus] ?? []));
    const run = commands[command] as (one: Subscription) => void;
    if (outcome.startsWith('→ ')) {
      run(subscription);
      expect(subscription.snapshot.state?.status).toBe(outcome.slice(2));
      return;
    }
    const [reason, http] = outcome.split(' ');
    expect(() => run(subscription)).toThrow(
      expect.objectContaining({ reason, kind: http === '403' ? 'forbidden' : 'rule_violation' }),
    );
    expect(subscription.recorded).toEqual([]);
  });

  it('begins each row in its status', () => {
    for (const [status, events] of Object.entries(histories)) expect(statusAfter(events)).toBe(status);
  });
});

describe('What is recorded', () => {
  it.each([
    ['SubscribeTo', 'none', [subscribed(1)]],
    ['SubscribeTo, with approval', 'none', [requested]],
    ['SubscribeTo', 'removed', [subscribed(4)]],
    ['Unsubscribe', 'subscribed', [unsubscribed(2)]],
    ['Approve', 'requested', [approved, subscribed(3)]],
    ['Remove', 'requested', [removed]],
    ['Remove', 'subscribed', [unsubscribed(2), removed]],
    ['Remove', 'unsubscribed', [removed]],
    ['Block', 'requested', [blocked]],
    ['Block', 'subscribed', [unsubscribed(2), blocked]],
    ['Block', 'removed', [blocked]],
    ['Unblock', 'blocked', [unblocked]],
  ] as const)(
    'by %s of what is %s tells the version wherever somebody begins or ends to follow',
    (command, status, events) => {
      const subscription = subscriptionAfter(...(histories[status as SubscriptionStatus] ?? []));
      commands[command]?.(subscription);
      expect(subscription.recorded).toEqual(events);
    },
  );
});

describe('A subscription that begins again', () => {
  it('has the role that everybody begins with, and the contact methods of today', () => {
    const partner = new SubscriberRoleUpdated({ ...parties, role: 'birth_partner', version: 2 });
    const subscription = subscriptionAfter(subscribed(1), partner, unsubscribed(3));
    subscription.subscribe(parties, { approvalRequired: false, contactMethods: ['sms'] });
    expect(subscription.recorded).toEqual([
      new SubscribedTo({ ...parties, role: 'loved_one', contactMethods: ['sms'], version: 4 }),
    ]);
  });
});

describe('The birthing person’s decisions', () => {
  it.each(['Approve', 'Remove', 'Block', 'Unblock', 'setRole'] as const)('are nobody else’s: %s', (command) => {
    const by = (one: Subscription, person: string): void =>
      ({
        Approve: () => one.approve(person),
        Remove: () => one.remove(person),
        Block: () => one.block(person),
        Unblock: () => one.unblock(person),
        setRole: () => one.setRole('birth_partner', person),
      })[command]();
    for (const person of [grace, stranger])
      for (const events of Object.values(histories))
        expect(() => by(subscriptionAfter(...events), person)).toThrow(SubscriptionNotFound);
  });
});

describe('A role', () => {
  it('is changed with the version of the subscription', () => {
    const subscription = subscriptionAfter(...histories.subscribed);
    subscription.setRole('birth_partner', ada);
    expect(subscription.recorded).toEqual([
      new SubscriberRoleUpdated({ ...parties, role: 'birth_partner', version: 2 }),
    ]);
  });

  it('is not changed to itself', () => {
    expect(() => subscriptionAfter(...histories.subscribed).setRole('loved_one', ada)).toThrow(RoleUnchanged);
  });

  it.each(['requested', 'unsubscribed', 'removed', 'blocked'] as const)('belongs to nobody who is %s', (status) => {
    expect(() => subscriptionAfter(...histories[status]).setRole('birth_partner', ada)).toThrow(NotSubscribed);
  });
});

describe('Contact methods', () => {
  it.each(['requested', 'subscribed'] as const)('are chosen by the subscriber who is %s', (status) => {
    const subscription = subscriptionAfter(...histories[status]);
    subscription.setContactMethods(['sms'], grace);
    expect(subscription.recorded).toEqual([new ContactMethodsUpdated({ ...parties, contactMethods: ['sms'] })]);
  });

  it('are not chosen again', () => {
    const subscription = subscriptionAfter(...histories.subscribed);
    subscription.setContactMethods(['email'], grace);
    expect(subscription.recorded).toEqual([]);
  });

  it('are chosen by nobody else, not even the birthing person', () => {
    for (const by of [ada, stranger])
      expect(() => subscriptionAfter(...histories.subscribed).setContactMethods([], by)).toThrow(SubscriptionNotFound);
  });

  it.each(['unsubscribed', 'removed', 'blocked'] as const)('are of no use to who is %s', (status) => {
    expect(() => subscriptionAfter(...histories[status]).setContactMethods([], grace)).toThrow(NotSubscribed);
  });
});

describe('A subscription of somebody whose account is deleted', () => {
  it.each(Object.keys(histories) as SubscriptionStatus[])('ends, whatever it was: %s', (status) => {
    const subscription = subscriptionAfter(...histories[status]);
    subscription.end();
    const ended = new SubscriptionEnded({ subscriptionId });
    expect(subscription.recorded).toEqual(status === 'subscribed' ? [unsubscribed(2), ended] : [ended]);
    expect(subscription.exists).toBe(false);
  });
});

describe('Somebody else', () => {
  it('ends nobody’s subscription', () => {
    expect(() => subscriptionAfter(...histories.subscribed).unsubscribe(stranger)).toThrow(NotSubscribed);
  });
});
