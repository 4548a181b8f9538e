import { afterAll, beforeAll, describe } from '@jest/globals';

import {
  belongingsLookupContract,
  categoryLookupContract,
  taskLookupContract,
} from '../../doubles/lookup-contracts.js';
import { RecordedTasks } from '../../doubles/recorded-tasks.js';
import { PostgresBelongingsLookup } from './postgres-belongings.lookup.js';
import { PostgresCategoryLookup } from './postgres-category.lookup.js';
import { PostgresTaskLookup } from './postgres-task.lookup.js';

const at = '2026-03-01T10:00:00.000Z';
let recorded: RecordedTasks;

beforeAll(async () => {
  recorded = await RecordedTasks.create();
});
afterAll(() => recorded.remove());

describe('The lookup of categories in Postgres', () => {
  categoryLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresCategoryLookup(recorded.reading));
  });
});

describe('The lookup of tasks in Postgres', () => {
  taskLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresTaskLookup(recorded.reading));
  });
});

describe('The lookup of belongings in Postgres', () => {
  belongingsLookupContract(async (past, ask) => {
    await recorded.happened(at, ...past);
    await ask(new PostgresBelongingsLookup(recorded.reading));
  });
});
