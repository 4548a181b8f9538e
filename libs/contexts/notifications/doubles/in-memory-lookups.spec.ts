import { describe } from '@jest/globals';

import { eventType } from '#kernel';
import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import { notificationList } from '../read-models/notification.projection.js';
import { recipients } from '../read-models/recipient.projection.js';
import { templates } from '../read-models/template.projection.js';
import { InMemoryContactLookup } from './in-memory-contact-lookup.js';
import { InMemoryNotificationLookup } from './in-memory-notification-lookup.js';
import { InMemoryTemplateLookup } from './in-memory-template-lookup.js';
import { contactLookupContract, notificationLookupContract, templateLookupContract } from './lookup-contracts.js';

const occurredAt = new Date('2026-03-01T10:00:00.000Z');

function readModelsAfter(past: readonly object[]): InMemoryReadModels {
  const readModels = new InMemoryReadModels([notificationList, recipients, templates]);
  const streams = Map.groupBy(past, (event) => {
    const { streamField } = eventType(event.constructor);
    return (event as Record<string, string>)[streamField] as string;
  });
  for (const [streamId, events] of streams) {
    const met = events.map((event, index) => ({
      event,
      meta: { version: index + 1, occurredAt, actor: 'somebody' },
    }));
    readModels.keep(readModels.changes([{ streamId, version: 0, events: met }]));
  }
  return readModels;
}

describe('The lookup of templates in a story', () => {
  templateLookupContract((past, ask) => ask(new InMemoryTemplateLookup(readModelsAfter(past))));
});

describe('The lookup of contacts in a story', () => {
  contactLookupContract((past, ask) => ask(new InMemoryContactLookup(readModelsAfter(past))));
});

describe('The lookup of notifications in a story', () => {
  notificationLookupContract((past, ask) => ask(new InMemoryNotificationLookup(readModelsAfter(past))));
});
