import { describe, expect, it } from '@jest/globals';

import {
  AdminOnly,
  builtInCategories,
  CategoryCreated,
  CategoryDeleted,
  CategoryUpdated,
  CreateCategory,
  UpdateCategory,
} from '../contract/index.js';
import { Category } from './category.js';
import { CategoryInUse, CategoryNotFound, NothingToUpdate } from './errors.js';

const categoryId = '0196a1de-0000-7000-8000-0000000000c1';
const owner = '0196a1de-0000-7000-8000-00000000000a';
const stranger = '0196a1de-0000-7000-8000-00000000000b';
const at = new Date('2026-03-01T10:00:00.000Z');
const user = { asAdmin: false };
const admin = { asAdmin: true };

const details = { name: 'Household', description: 'What keeps the house running', color: '#2E7D32' };
const own = new CategoryCreated({ categoryId, ownerId: owner, ...details });
const builtIn = new CategoryCreated({ categoryId, ...details });

function categoryAfter(...events: readonly object[]): Category {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: owner }));
  return new Category(categoryId).restore(new Category(categoryId).replay(past), { at, actor: owner });
}

const update = (userId: string, changes: Partial<UpdateCategory>): UpdateCategory =>
  new UpdateCategory({ categoryId, userId, ...changes });

describe('Opening a category', () => {
  it('takes black and no description where none is given', () => {
    const category = categoryAfter();
    category.open(new CreateCategory({ categoryId, ownerId: owner, name: 'Household' }), user);
    expect(category.recorded).toEqual([
      new CategoryCreated({ categoryId, ownerId: owner, name: 'Household', description: '', color: '#000000' }),
    ]);
  });

  it('makes one without an owner for administrators only', () => {
    const command = new CreateCategory({ categoryId, ownerId: null, ...details });
    expect(() => categoryAfter().open(command, user)).toThrow(AdminOnly);
    const category = categoryAfter();
    category.open(command, admin);
    expect(category.recorded).toEqual([builtIn]);
  });

  it('makes the built-in ones, which differ in id and name', () => {
    for (const command of builtInCategories) {
      const category = new Category(command.categoryId).restore(categoryAfter().snapshot, { at, actor: 'system' });
      category.open(command, admin);
      expect(category.recorded).toMatchObject([{ categoryId: command.categoryId, name: command.name }]);
    }
    expect(builtInCategories.map(({ name }) => name)).toEqual(['Work', 'Personal', 'Study']);
    expect(new Set(builtInCategories.map((command) => command.categoryId)).size).toBe(3);
  });
});

describe('Updating a category', () => {
  it('tells the whole category as it is now, and what changed', () => {
    const category = categoryAfter(own);
    category.update(update(owner, { name: 'House and garden', color: '#2E7D32' }), at, user);
    expect(category.recorded).toEqual([
      new CategoryUpdated({
        categoryId,
        ownerId: owner,
        ...details,
        name: 'House and garden',
        updatedAt: at.toISOString(),
        changed: ['name'],
      }),
    ]);
  });

  it('to what it is already changes nothing', () => {
    const category = categoryAfter(own);
    category.update(update(owner, details), at, user);
    expect(category.recorded).toEqual([]);
  });

  it('needs a field to change', () => {
    expect(() => categoryAfter(own).update(update(owner, {}), at, user)).toThrow(NothingToUpdate);
  });
});

describe('Deleting a category', () => {
  it('tells whose it was and how it was called', () => {
    const category = categoryAfter(own);
    category.delete(owner, at, { ...user, inUse: false });
    expect(category.recorded).toEqual([
      new CategoryDeleted({ categoryId, ownerId: owner, name: 'Household', deletedAt: at.toISOString() }),
    ]);
    expect(category.exists).toBe(false);
  });

  it('is refused while tasks are in it', () => {
    const category = categoryAfter(own);
    expect(() => category.delete(owner, at, { ...user, inUse: true })).toThrow(CategoryInUse);
    expect(category.recorded).toEqual([]);
  });
});

describe('A category', () => {
  it.each([
    ['one of your own', own, owner, user, true],
    ['one of your own', own, owner, admin, true],
    ["somebody else's", own, stranger, user, false],
    ["somebody else's", own, stranger, admin, false],
    ['a built-in one', builtIn, owner, user, false],
    ['a built-in one', builtIn, owner, admin, true],
  ])('that is %s (%#) can be changed and deleted by whom it is for', (_, created, by, asker, allowed) => {
    const updating = () => categoryAfter(created).update(update(by, { name: 'Garden' }), at, asker);
    const deleting = () => categoryAfter(created).delete(by, at, { ...asker, inUse: false });
    for (const act of [updating, deleting])
      if (allowed) expect(act).not.toThrow();
      else expect(act).toThrow(CategoryNotFound);
  });

  it('does not tell a stranger that it is in use', () => {
    expect(() => categoryAfter(own).delete(stranger, at, { ...user, inUse: true })).toThrow(CategoryNotFound);
  });
});
