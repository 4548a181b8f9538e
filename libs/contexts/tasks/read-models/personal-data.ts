import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';
import { PersonalData } from '#platform/http/personal-data.js';

const tasks = {
  name: 'tasks_personal_data',
  text: `
    select id, title, description, status, priority, category_id, due_date, completed_at, created_at, updated_at
    from tasks.task_list where user_id = $1 order by created_at, id`,
};

const categories = {
  name: 'categories_personal_data',
  text: `
    select id, name, description, color, created_at, updated_at
    from tasks.category_list where owner_id = $1 order by created_at, id`,
};

/** Somebody's tasks, and the categories of their own. */
@Injectable()
export class TaskPersonalData extends PersonalData {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const kept = { tasks: await this.db.query(tasks, [userId]), categories: await this.db.query(categories, [userId]) };
    return kept.tasks.length + kept.categories.length > 0 ? kept : undefined;
  }
}
