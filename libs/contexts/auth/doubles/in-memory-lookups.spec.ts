import { describe } from '@jest/globals';

import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import { accounts } from '../read-models/account.projection.js';
import { roleGrants } from '../read-models/role-grants.projection.js';
import { InMemoryAccountLookup } from './in-memory-account-lookup.js';
import { InMemoryRoleLookup } from './in-memory-role-lookup.js';
import { accountLookupContract, roleLookupContract } from './lookup-contracts.js';

function readModelsAfter(past: readonly object[]): InMemoryReadModels {
  const readModels = new InMemoryReadModels([accounts, roleGrants]);
  readModels.happened('2026-03-01T10:00:00.000Z', ...past);
  return readModels;
}

describe('The lookup of accounts in a story', () => {
  accountLookupContract((past, ask) => ask(new InMemoryAccountLookup(readModelsAfter(past))));
});

describe('The lookup of roles in a story', () => {
  roleLookupContract((past, ask) => ask(new InMemoryRoleLookup(readModelsAfter(past))));
});
