import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { BelongingsLookup, type Belongings } from '../application/ports.js';
import { CategoryListRow } from '../read-models/category-list.entity.js';
import { TaskListRow } from '../read-models/task-list.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryBelongingsLookup extends BelongingsLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async of(userId: string): Promise<Belongings> {
    const tasks = this.readModels.rows(TaskListRow).filter((task) => task.userId === userId);
    const categories = this.readModels.rows(CategoryListRow).filter(({ ownerId }) => ownerId === userId);
    return { taskIds: tasks.map(({ id }) => id).sort(), categoryIds: categories.map(({ id }) => id).sort() };
  }
}
