import { describe } from '@jest/globals';

import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import { settingsModel } from '../read-models/settings.projection.js';
import { InMemorySettingsLookup } from './in-memory-settings-lookup.js';
import { settingsLookupContract } from './lookup-contracts.js';

describe('The lookup of settings in a story', () => {
  settingsLookupContract(async (past, ask) => {
    const rows = new InMemoryReadModels([settingsModel]);
    rows.happened('2026-03-01T10:00:00Z', ...past);
    await ask(new InMemorySettingsLookup(rows));
  });
});
