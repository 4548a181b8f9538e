import { afterAll, beforeAll, describe } from '@jest/globals';

import { settingsLookupContract } from '../../doubles/lookup-contracts.js';
import { RecordedAttribution } from '../../doubles/recorded-attribution.js';
import { PostgresSettingsLookup } from './postgres-settings.lookup.js';

let recorded: RecordedAttribution;

beforeAll(async () => {
  recorded = await RecordedAttribution.create();
});
afterAll(() => recorded.remove());

describe('The lookup of settings in Postgres', () => {
  settingsLookupContract(async (past, ask) => {
    await recorded.happened('2026-03-01T10:00:00.000Z', ...past);
    await ask(new PostgresSettingsLookup(recorded.reading));
  });
});
