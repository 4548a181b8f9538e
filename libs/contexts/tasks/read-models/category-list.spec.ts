import { describe, expect, it } from '@jest/globals';

import { CategoryCreated, CategoryDeleted, CategoryNameTaken, CategoryUpdated } from '../contract/index.js';
import { categoryList } from './category-list.projection.js';

const categoryId = '0196a1de-0000-7000-8000-0000000000c1';
const ownerId = '0196a1de-0000-7000-8000-00000000000a';
const details = { name: 'Household', description: 'What keeps the house running', color: '#2E7D32' };

const created = new CategoryCreated({ categoryId, ownerId, ...details });
const updated = new CategoryUpdated({
  ...created,
  name: 'House and garden',
  color: '#000000',
  updatedAt: '2026-03-01T00:00:02.000Z',
  changed: ['name', 'color'],
});
const deleted = new CategoryDeleted({ categoryId, ownerId, name: 'Household', deletedAt: '2026-03-01T00:00:03.000Z' });

/** The n-th event occurs in the n-th second of March. */
const second = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, n));

const rowAfter = (...events: readonly object[]) =>
  events.reduce<ReturnType<typeof categoryList.fold.apply>>(
    (row, event, index) =>
      categoryList.fold.apply(row, event, { version: index + 1, occurredAt: second(index + 1), actor: ownerId }),
    null,
  );

describe('The list of categories', () => {
  it('shows a category as it was created', () => {
    expect(rowAfter(created)).toEqual({
      id: categoryId,
      ownerId,
      ...details,
      createdAt: second(1),
      updatedAt: second(1),
    });
  });

  it('shows no owner where it is built-in', () => {
    expect(rowAfter(new CategoryCreated({ categoryId, ...details }))).toMatchObject({ ownerId: null });
  });

  it('shows an updated category as it is now', () => {
    expect(rowAfter(created, updated)).toEqual({
      id: categoryId,
      ownerId,
      name: 'House and garden',
      description: 'What keeps the house running',
      color: '#000000',
      createdAt: second(1),
      updatedAt: second(2),
    });
  });

  it('does not show a category that was deleted', () => {
    expect(rowAfter(created, updated, deleted)).toBeNull();
  });

  it('takes a name that is there already for a conflict', () => {
    expect(categoryList.unique.category_list_name?.()).toEqual(new CategoryNameTaken());
  });
});
