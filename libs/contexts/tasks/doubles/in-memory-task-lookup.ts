import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { TaskLookup } from '../application/ports.js';
import { TaskListRow } from '../read-models/task-list.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryTaskLookup extends TaskLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async isAnyIn(categoryId: string): Promise<boolean> {
    return this.readModels.rows(TaskListRow).some((task) => task.categoryId === categoryId);
  }

  async dueDateOf(taskId: string): Promise<Date | undefined> {
    return this.readModels.rows(TaskListRow).find(({ id }) => id === taskId)?.dueDate ?? undefined;
  }
}
