import { afterAll, beforeAll, describe } from '@jest/globals';

import { accountLookupContract, roleLookupContract } from '../../doubles/lookup-contracts.js';
import { RecordedAccounts } from '../../doubles/recorded-accounts.js';
import { PostgresAccountLookup } from './postgres-account.lookup.js';
import { PostgresRoleLookup } from './postgres-role.lookup.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedAccounts;

beforeAll(async () => {
  recorded = await RecordedAccounts.create();
});
afterAll(() => recorded.remove());

describe('The lookup of accounts in Postgres', () => {
  accountLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresAccountLookup(recorded.reading));
  });
});

describe('The lookup of roles in Postgres', () => {
  roleLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresRoleLookup(recorded.reading));
  });
});
