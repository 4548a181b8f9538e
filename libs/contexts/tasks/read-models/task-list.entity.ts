import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { TaskPriority, TaskStatus } from '../contract/index.js';

@Entity({ schema: 'tasks', name: 'task_list' })
export class TaskListRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'user_id' }) userId!: string;
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('text') status!: TaskStatus;
  @Column('text') priority!: TaskPriority;
  @Column('int', { name: 'priority_rank' }) priorityRank!: number;
  @Column('uuid', { name: 'category_id', nullable: true }) categoryId!: string | null;
  @Column('timestamptz', { name: 'due_date', nullable: true }) dueDate!: Date | null;
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
