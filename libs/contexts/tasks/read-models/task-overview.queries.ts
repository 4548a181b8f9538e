import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { TaskOverview, type RecentTask, type TaskFigures } from '../contract/index.js';
import { isOverdue, TaskQueries } from './task.queries.js';

const recent = {
  name: 'tasks_recent_of',
  text: `
    select id, title, status, priority, due_date, ${isOverdue} as is_overdue, created_at
    from tasks.task_list where user_id = $1 order by created_at desc, id desc limit $2`,
};

/** What other contexts may show of somebody's tasks. */
@Injectable()
export class TaskOverviewQueries extends TaskOverview {
  constructor(
    private readonly tasks: TaskQueries,
    private readonly db: ReadDatabase,
  ) {
    super();
  }

  summary(userId: string): Promise<TaskFigures> {
    return this.tasks.summary({ id: userId });
  }

  recent(userId: string, limit: number): Promise<readonly RecentTask[]> {
    return this.db.query<RecentTask>(recent, [userId, limit]);
  }
}
