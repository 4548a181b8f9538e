import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { TaskPriority, TaskStatus } from '../contract/index.js';

/** What has to be known of a task to count it: less than a list shows, so that many are counted quickly. */
@Entity({ schema: 'tasks', name: 'task_summary' })
export class CountedTaskRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'user_id' }) userId!: string;
  @Column('text') status!: TaskStatus;
  @Column('text') priority!: TaskPriority;
  @Column('timestamptz', { name: 'due_date', nullable: true }) dueDate!: Date | null;
}
