import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { TaskLookup } from '../../application/ports.js';

const anyIn = {
  name: 'tasks_any_in_category',
  text: 'select from tasks.task_list where category_id = $1 limit 1',
};

const dueDate = {
  name: 'tasks_due_date_of',
  text: 'select due_date from tasks.task_list where id = $1',
};

@Injectable()
export class PostgresTaskLookup extends TaskLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async isAnyIn(categoryId: string): Promise<boolean> {
    const found = await this.db.query(anyIn, [categoryId]);
    return found.length > 0;
  }

  async dueDateOf(taskId: string): Promise<Date | undefined> {
    const [task] = await this.db.query<{ due_date: Date | null }>(dueDate, [taskId]);
    return task?.due_date ?? undefined;
  }
}
