import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { TaskPriority, TaskStatus } from '../contract/index.js';

/** What has to be known of a task to count it. */
export interface CountedTask {
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly due: string | null;
}

/** How somebody's tasks stand: `id` is the user's. */
@Entity({ schema: 'tasks', name: 'task_summary' })
export class TaskSummaryRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('int') total!: number;
  @Column('jsonb', { name: 'by_status' }) byStatus!: Readonly<Record<TaskStatus, number>>;
  @Column('jsonb', { name: 'by_priority' }) byPriority!: Readonly<Record<TaskPriority, number>>;
  /** By id: events tell what became of a task, not what it was. */
  @Column('jsonb') tasks!: Readonly<Record<string, CountedTask>>;
}
