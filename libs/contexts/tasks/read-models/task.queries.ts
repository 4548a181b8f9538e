import { Injectable } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { IsArray, IsBoolean, IsIn, IsString, IsUUID, MaxLength } from 'class-validator';

import { Example, IsTime, Message, Optional, timeOf, Trimmed, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { defaultLimit, Page, type Paged } from '#platform/http/page.js';
import { Problem } from '#platform/http/problem.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { TaskPriorities, TaskStatuses, type TaskPriority, type TaskStatus } from '../contract/index.js';
import type { TaskListRow } from './task-list.entity.js';
import { taskList } from './task-list.projection.js';
import { TaskEventView, TaskSummary, TaskView } from './task-views.js';

const stream = 'tasks.task';

const tasks = keyset({
  name: 'tasks.tasks',
  sorts: {
    created_at: { expression: 'created_at', type: 'timestamptz' },
    updated_at: { expression: 'updated_at', type: 'timestamptz' },
    due_date: { expression: 'due_date', type: 'timestamptz', nullable: true },
    priority: { expression: 'priority_rank', type: 'int' },
  },
  default: '-created_at',
});

export class TaskListPage extends Page {
  @Optional() @IsArray() @IsIn(TaskStatuses, { each: true }) readonly status?: TaskStatus[];
  @Optional()
  @IsArray()
  @IsIn(TaskPriorities, { each: true, context: { reason: 'priority_unknown' } })
  readonly priority?: TaskPriority[];
  @Optional() @IsUUID() readonly categoryId?: string;
  @Optional() @IsBoolean() readonly overdue?: boolean;
  /** Excluded. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly dueBefore?: string;
  /** Included. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly dueAfter?: string;
  /** Part of the title or the description, in capitals or not. */
  @Optional() @IsString() @MaxLength(255) @Trimmed() @Example('bag') readonly q?: string;
  /** Somebody else's: for administrators. */
  @Optional() @IsUUID() readonly userId?: string;
  @Optional() @IsIn(sortsOf(tasks)) @Example('-created_at') readonly sort?: string;
}

export class TaskMoment extends Message<TaskMoment> {
  /** The task as it was then. */
  @Optional() @IsTime() readonly asOf?: string;
}

export class TaskHistoryPage extends PickType(Page, ['limit', 'cursor']) {}

const isActive = `status in ('pending', 'in_progress')`;
export const isOverdue = `(${isActive} and coalesce(due_date < now(), false))`;
const columns = `id, version, user_id, title, description, status, priority, category_id, due_date, completed_at,
  created_at, updated_at, ${isActive} as is_active, ${isOverdue} as is_overdue`;

const byId = {
  name: 'tasks_by_id',
  text: `select ${columns} from tasks.task_list where id = $1 and (user_id = $2 or $3)`,
};

const matching = [
  'user_id = $1',
  '($2::text[] is null or status = any($2))',
  '($3::text[] is null or priority = any($3))',
  '($4::uuid is null or category_id = $4)',
  `($5::boolean is null or ${isOverdue} = $5)`,
  '($6::timestamptz is null or due_date < $6)',
  '($7::timestamptz is null or due_date >= $7)',
  // No pattern, so that nothing in the text has a meaning of its own.
  '($8::text is null or strpos(lower(title), lower($8)) > 0 or strpos(lower(description), lower($8)) > 0)',
];

const counts = (column: string, values: readonly string[]): string =>
  `json_build_object(${values.map((value) => `'${value}', count(*) filter (where ${column} = '${value}')`).join(', ')})`;

const summary = {
  name: 'tasks_summary',
  text: `
    select count(*)::int as total, (count(*) filter (where ${isOverdue}))::int as overdue,
      ${counts('status', TaskStatuses)} as by_status, ${counts('priority', TaskPriorities)} as by_priority
    from tasks.task_summary where user_id = $1`,
};

/** Everybody reads their own tasks, administrators those of others too. */
@Injectable()
export class TaskQueries implements ResourceQueries<Wire<TaskView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly log: EventLog,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<TaskView> | undefined> {
    const [task] = await this.db.query<Wire<TaskView>>(byId, [id, reader.id, isAdmin(reader)]);
    return task;
  }

  /** @throws Problem 403 `admin_only` when the tasks of somebody else are asked for by anyone but an administrator */
  async list(page: TaskListPage, reader: AuthenticatedUser): Promise<Paged<Wire<TaskView>>> {
    const { status, priority, categoryId, overdue, dueBefore, dueAfter, q, userId = reader.id } = page;
    if (userId !== reader.id && !isAdmin(reader))
      throw new Problem({
        code: 'FORBIDDEN',
        reason: 'admin_only',
        detail: 'only administrators list the tasks of others: leave user_id out to list your own',
      });
    return tasks.page<Wire<TaskView>>(this.db, this.cursors, {
      columns,
      from: 'tasks.task_list',
      where: matching,
      values: [userId, status, priority, categoryId, overdue, moment(dueBefore), moment(dueAfter), q],
      query: page,
    });
  }

  async summary({ id }: Pick<AuthenticatedUser, 'id'>): Promise<Wire<TaskSummary>> {
    const [counted] = await this.db.query<Wire<TaskSummary>>(summary, [id]);
    return counted as Wire<TaskSummary>;
  }

  /** The task as it was at a moment; undefined when there was none. Deleted tasks had a time, too. */
  async asOf(id: string, time: string, reader: AuthenticatedUser): Promise<Wire<TaskView> | undefined> {
    const at = timeOf(time);
    const row = await this.log.rowAt<TaskListRow>(taskList, stream, id, at);
    return row && (row.userId === reader.id || isAdmin(reader)) ? viewAt(row, at) : undefined;
  }

  /** What has happened to a task, deleted or not, from its beginning; undefined when there never was one. */
  async history(
    id: string,
    { limit = defaultLimit, cursor }: TaskHistoryPage,
    reader: AuthenticatedUser,
  ): Promise<Paged<Wire<TaskEventView>> | undefined> {
    const [first] = await this.log.events(stream, id, { limit: 1 });
    if (!first || (first.data.user_id !== reader.id && !isAdmin(reader))) return undefined;
    const list = ['tasks.history', id];
    const after = cursor === undefined ? 0 : Number(this.cursors.open(list, cursor).key);
    const events = await this.log.events(stream, id, { after, limit: limit + 1 });
    const items = events.slice(0, limit);
    const last = events.length > limit ? items.at(-1) : undefined;
    return { items, next_cursor: last ? this.cursors.seal(list, { key: String(last.version), id }) : null };
  }
}

const isAdmin = ({ roles }: AuthenticatedUser): boolean => roles.includes('admin');

const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));

function viewAt(row: TaskListRow, at: Date): Wire<TaskView> {
  const active = row.status === 'pending' || row.status === 'in_progress';
  return {
    id: row.id,
    version: row.version,
    user_id: row.userId,
    title: row.title,
    description: row.description,
    status: row.status,
    priority: row.priority,
    category_id: row.categoryId,
    due_date: row.dueDate,
    completed_at: row.completedAt,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    is_active: active,
    is_overdue: active && row.dueDate !== null && row.dueDate < at,
  };
}
