import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { TaskLookup } from '../../application/ports.js';

const anyIn = {
  name: 'tasks_any_in_category',
  text: 'select from tasks.task_list where category_id = $1 limit 1',
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
}
