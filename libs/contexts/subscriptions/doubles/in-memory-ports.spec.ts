import { describe } from '@jest/globals';

import { eventType } from '#kernel';
import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import { shareSettings } from '../read-models/share-settings.projection.js';
import { subscribers } from '../read-models/subscriber.projection.js';
import { subscriptions } from '../read-models/subscription.projection.js';
import {
  InMemoryAudience,
  InMemoryShareSettingsLookup,
  InMemorySubscriberLookup,
  InMemorySubscriptionLookup,
} from './in-memory-ports.js';
import {
  audienceContract,
  shareSettingsLookupContract,
  subscriberLookupContract,
  subscriptionLookupContract,
} from './port-contracts.js';

const occurredAt = new Date('2026-03-01T10:00:00.000Z');

function readModelsAfter(past: readonly object[]): InMemoryReadModels {
  const readModels = new InMemoryReadModels([subscribers, shareSettings, subscriptions]);
  const streams = Map.groupBy(past, (event) => {
    const { streamField } = eventType(event.constructor);
    return `${streamField} ${(event as Record<string, string>)[streamField]}`;
  });
  for (const [stream, events] of streams) {
    const [, streamId = ''] = stream.split(' ');
    const met = events.map((event, index) => ({ event, meta: { version: index + 1, occurredAt, actor: 'somebody' } }));
    readModels.keep(readModels.changes([{ streamId, version: 0, events: met }]));
  }
  return readModels;
}

describe('The lookup of subscribers in a story', () => {
  subscriberLookupContract((past, ask) => ask(new InMemorySubscriberLookup(readModelsAfter(past))));
});

describe('The lookup of share settings in a story', () => {
  shareSettingsLookupContract((past, ask) => ask(new InMemoryShareSettingsLookup(readModelsAfter(past))));
});

describe('The lookup of subscriptions in a story', () => {
  subscriptionLookupContract((past, ask) => ask(new InMemorySubscriptionLookup(readModelsAfter(past))));
});

describe('The audience in a story', () => {
  audienceContract((past, ask) => ask(new InMemoryAudience(readModelsAfter(past))));
});
