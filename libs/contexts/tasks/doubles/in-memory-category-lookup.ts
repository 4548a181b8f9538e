import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { CategoryLookup } from '../application/ports.js';
import { CategoryListRow } from '../read-models/category-list.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryCategoryLookup extends CategoryLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async isUsable(categoryId: string, userId: string): Promise<boolean> {
    const category = this.readModels.rows(CategoryListRow).find(({ id }) => id === categoryId.toLowerCase());
    return !!category && (category.ownerId === null || category.ownerId === userId);
  }
}
