import { afterAll, beforeAll, describe } from '@jest/globals';

import {
  contactLookupContract,
  notificationLookupContract,
  templateLookupContract,
} from '../../doubles/lookup-contracts.js';
import { RecordedNotifications } from '../../doubles/recorded-notifications.js';
import { PostgresContactLookup } from './postgres-contact.lookup.js';
import { PostgresNotificationLookup } from './postgres-notification.lookup.js';
import { PostgresTemplateLookup } from './postgres-template.lookup.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedNotifications;

beforeAll(async () => {
  recorded = await RecordedNotifications.create();
});
afterAll(() => recorded?.remove());

describe('The lookup of templates in Postgres', () => {
  templateLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresTemplateLookup(recorded.reading));
  });
});

describe('The lookup of contacts in Postgres', () => {
  contactLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresContactLookup(recorded.reading));
  });
});

describe('The lookup of notifications in Postgres', () => {
  notificationLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresNotificationLookup(recorded.reading));
  });
});
