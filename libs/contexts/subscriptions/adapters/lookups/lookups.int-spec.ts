import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';

import { ShareSettingsForgotten, ShareTokenSet } from '../../contract/index.js';
import {
  audienceContract,
  shareSettingsLookupContract,
  subscriberLookupContract,
  subscriptionLookupContract,
} from '../../doubles/port-contracts.js';
import { RecordedSubscriptions } from '../../doubles/recorded-subscriptions.js';
import { PostgresShareLinks } from '../postgres-share-links.js';
import { PublicAddress } from '../public-address.js';
import { PostgresAudience } from './postgres-audience.js';
import { PostgresShareSettingsLookup } from './postgres-share-settings.lookup.js';
import { PostgresSubscriberLookup } from './postgres-subscriber.lookup.js';
import { PostgresSubscriptionLookup } from './postgres-subscription.lookup.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedSubscriptions;
beforeAll(async () => {
  recorded = await RecordedSubscriptions.create();
});
afterAll(() => recorded?.remove());

describe('The lookup of subscribers in Postgres', () => {
  subscriberLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresSubscriberLookup(recorded.reading));
  });
});

describe('The lookup of share settings in Postgres', () => {
  shareSettingsLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresShareSettingsLookup(recorded.reading));
  });
});

describe('The lookup of subscriptions in Postgres', () => {
  subscriptionLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresSubscriptionLookup(recorded.reading));
  });
});

describe('A link by which somebody is followed', () => {
  it('has the token that is shared by now, and is none once they are forgotten', async () => {
    const links = new PostgresShareLinks(recorded.reading, new PublicAddress('https://births.example'));
    const birthingPersonId = newId();
    await recorded.happened(at, new ShareTokenSet({ birthingPersonId, token: 'TOKEN22222' }));
    await recorded.happened(at, new ShareTokenSet({ birthingPersonId, token: 'TOKEN33333' }));
    expect(await links.of(birthingPersonId)).toBe(`https://births.example/follow/${birthingPersonId}#token=TOKEN33333`);
    await recorded.happened(at, new ShareSettingsForgotten({ birthingPersonId }));
    expect(await links.of(birthingPersonId)).toBeUndefined();
  });
});

describe('The audience in Postgres', () => {
  audienceContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresAudience(recorded.reading, new PublicAddress('https://births.example')));
  });
});
