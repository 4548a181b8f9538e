import { describe } from '@jest/globals';

import { eventType } from '#kernel';
import { InMemoryReadModels } from '#testing/doubles/in-memory-read-models.js';

import { categoryList } from '../read-models/category-list.projection.js';
import { taskList } from '../read-models/task-list.projection.js';
import { InMemoryBelongingsLookup } from './in-memory-belongings-lookup.js';
import { InMemoryCategoryLookup } from './in-memory-category-lookup.js';
import { InMemoryTaskLookup } from './in-memory-task-lookup.js';
import { belongingsLookupContract, categoryLookupContract, taskLookupContract } from './lookup-contracts.js';

const occurredAt = new Date('2026-03-01T10:00:00.000Z');

function readModelsAfter(past: readonly object[]): InMemoryReadModels {
  const readModels = new InMemoryReadModels([taskList, categoryList]);
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

describe('The lookup of categories in a story', () => {
  categoryLookupContract((past, ask) => ask(new InMemoryCategoryLookup(readModelsAfter(past))));
});

describe('The lookup of tasks in a story', () => {
  taskLookupContract((past, ask) => ask(new InMemoryTaskLookup(readModelsAfter(past))));
});

describe('The lookup of belongings in a story', () => {
  belongingsLookupContract((past, ask) => ask(new InMemoryBelongingsLookup(readModelsAfter(past))));
});
