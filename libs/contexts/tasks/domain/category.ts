import { Aggregate, fold, on } from '#kernel';

import {
  AdminOnly,
  CategoryCreated,
  CategoryDeleted,
  CategoryUpdated,
  type CreateCategory,
  type UpdateCategory,
} from '../contract/index.js';
import { CategoryInUse, CategoryNotFound } from './errors.js';
import { assertNamesAField, changed } from './update.js';

/** What an update may change. */
interface CategoryDetails {
  readonly name: string;
  readonly description: string;
  readonly color: string;
}

interface CategoryState extends CategoryDetails {
  /** Undefined: built-in. */
  readonly ownerId: string | undefined;
}

interface Asker {
  readonly asAdmin: boolean;
}

export class Category extends Aggregate<CategoryState> {
  static readonly streamType = 'tasks.category';
  static readonly NotFound = CategoryNotFound;

  protected readonly evolve = fold<CategoryState>(
    on(CategoryCreated, (_, { ownerId, name, description, color }) => ({ ownerId, name, description, color })),
    on(CategoryUpdated, (category, { name, description, color }) => ({ ...category, name, description, color })),
    on(CategoryDeleted, () => null),
  );

  open({ ownerId, name, description = '', color = '#000000' }: CreateCategory, { asAdmin }: Asker): void {
    if (ownerId === null && !asAdmin) throw new AdminOnly();
    this.record(new CategoryCreated({ categoryId: this.id, ownerId: ownerId ?? undefined, name, description, color }));
  }

  update({ userId, name, description, color }: UpdateCategory, at: Date, asker: Asker): void {
    const before = this.inChargeOf(userId, asker);
    assertNamesAField({ name, description, color });
    const after: CategoryDetails = {
      name: name ?? before.name,
      description: description ?? before.description,
      color: color ?? before.color,
    };
    const changes = changed<CategoryDetails>(before, after);
    if (changes.length === 0) return;
    const { ownerId } = before;
    this.record(
      new CategoryUpdated({
        categoryId: this.id,
        ownerId,
        ...after,
        updatedAt: at.toISOString(),
        changed: changes,
      }),
    );
  }

  delete(by: string, at: Date, { inUse, ...asker }: Asker & { inUse: boolean }): void {
    const { ownerId, name } = this.inChargeOf(by, asker);
    if (inUse) throw new CategoryInUse(name);
    this.record(new CategoryDeleted({ categoryId: this.id, ownerId, name, deletedAt: at.toISOString() }));
  }

  /** The category, where it is the asker's own, or built-in and the asker an administrator. */
  private inChargeOf(user: string, { asAdmin }: Asker): CategoryState {
    const { ownerId } = this.state;
    if (ownerId === undefined ? !asAdmin : ownerId !== user) throw new CategoryNotFound(this.id);
    return this.state;
  }
}
