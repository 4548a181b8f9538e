import { fold, on, projection } from '#kernel';

import { CategoryCreated, CategoryDeleted, CategoryNameTaken, CategoryUpdated } from '../contract/index.js';
import { CategoryListRow } from './category-list.entity.js';

export const categoryList = projection('tasks.category_list', CategoryListRow, {
  inline: true,
  unique: { category_list_name: () => new CategoryNameTaken() },
  fold: fold(
    on(CategoryCreated, (_, { categoryId, ownerId, name, description, color }, { occurredAt }) => ({
      id: categoryId,
      ownerId: ownerId ?? null,
      name,
      description,
      color,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(CategoryUpdated, (category, { name, description, color }, { occurredAt }) => ({
      ...category,
      name,
      description,
      color,
      updatedAt: occurredAt,
    })),
    on(CategoryDeleted, () => null),
  ),
});
