import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import {
  SubscribedTo,
  SubscriberIdentityRefreshed,
  subscriptionIdOf,
  UnsubscribedFrom,
  type SubscriberRole,
} from '../../contract/index.js';
import { RecordedSubscriptions } from '../../doubles/recorded-subscriptions.js';
import { PostgresSubscribedAddresses } from './postgres-subscribed-addresses.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedSubscriptions;
beforeAll(async () => {
  recorded = await RecordedSubscriptions.create();
});
afterAll(() => recorded?.remove());

describe('The addresses of those who follow somebody', () => {
  it('include those who follow now, in capitals or not, and nobody else', async () => {
    const addresses = new PostgresSubscribedAddresses(recorded.reading);
    const [ada, eve, grace] = [newId(), newId(), newId()] as const;
    const role: SubscriberRole = 'loved_one';
    const of = { subscriptionId: subscriptionIdOf(grace, ada), subscriberId: grace, birthingPersonId: ada, role };
    const names = { username: 'grace', name: 'Grace' };
    await recorded.happened(
      at,
      new SubscriberIdentityRefreshed({ subscriberId: grace, email: 'grace@example.org', ...names }),
      new SubscribedTo({ ...of, contactMethods: [], version: 1 }),
    );
    expect(await addresses.include(ada, 'Grace@Example.org')).toBe(true);
    expect(await addresses.include(ada, 'ada@example.org')).toBe(false);
    expect(await addresses.include(eve, 'grace@example.org')).toBe(false);
    await recorded.happened(at, new UnsubscribedFrom({ ...of, version: 2 }));
    expect(await addresses.include(ada, 'grace@example.org')).toBe(false);
  });
});
