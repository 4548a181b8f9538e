import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';

import { Optional } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { decodeCursor, defaultLimit, Page, paged, type Paged } from '#platform/http/page.js';

import { TaskStatuses, type TaskPriority, type TaskStatus } from '../contract/index.js';

/** A task as it is shown. */
export interface TaskView {
  readonly id: string;
  readonly version: number;
  readonly user_id: string;
  readonly title: string;
  readonly description: string;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly due_date: Date | null;
  readonly completed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export class TaskListPage extends Page {
  @Optional() @IsIn(TaskStatuses) readonly status?: TaskStatus;
}

const columns =
  'id, version, user_id, title, description, status, priority, due_date, completed_at, created_at, updated_at';

const byId = { name: 'tasks_by_id', text: `select ${columns} from tasks.task_list where id = $1 and user_id = $2` };

const ownedBy = {
  name: 'tasks_owned_by',
  text: `
    select ${columns} from tasks.task_list
    where user_id = $1
      and ($2::text is null or status = $2)
      and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
    order by created_at desc, id desc
    limit $5`,
};

@Injectable()
export class TaskListQueries {
  constructor(private readonly db: ReadDatabase) {}

  async byId(id: string, userId: string): Promise<TaskView | undefined> {
    const [task] = await this.db.query<TaskView>(byId, [id, userId]);
    return task;
  }

  /** Newest first. */
  async ownedBy(userId: string, { status, cursor, limit = defaultLimit }: TaskListPage): Promise<Paged<TaskView>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.db.query<TaskView>(ownedBy, [userId, status, after?.at, after?.id, limit + 1]);
    return paged(rows, limit, ({ created_at }) => created_at);
  }
}
