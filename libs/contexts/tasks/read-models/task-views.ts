import { IsBoolean, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';

import { TaskPriorities, TaskStatuses, type TaskPriority, type TaskStatus } from '../contract/index.js';

/** A task as it is shown. */
export class TaskView extends Message<TaskView> {
  @IsUUID() readonly id!: string;
  @IsInt() @Example(3) readonly version!: number;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsString() @Example('And the charger') readonly description!: string;
  @IsIn(TaskStatuses) @Example('in_progress') readonly status!: TaskStatus;
  @IsIn(TaskPriorities) @Example('high') readonly priority!: TaskPriority;
  @Nullable() @IsUUID() readonly categoryId!: string | null;
  @Nullable() @IsTime() readonly dueDate!: Date | null;
  @Nullable() @IsTime() readonly completedAt!: Date | null;
  @IsTime() readonly createdAt!: Date;
  @IsTime() readonly updatedAt!: Date;
  /** Pending or in progress. */
  @IsBoolean() @Example(true) readonly isActive!: boolean;
  /** Active, and its due date has passed. */
  @IsBoolean() @Example(false) readonly isOverdue!: boolean;
}

/** How many tasks a person has. */
export class TaskSummary extends Message<TaskSummary> {
  @IsInt() @Example(12) readonly total!: number;
  @IsInt() @Example(1) readonly overdue!: number;
  @IsObject()
  @Example({ pending: 4, in_progress: 2, completed: 5, cancelled: 1 })
  readonly byStatus!: Readonly<Record<TaskStatus, number>>;
  @IsObject()
  @Example({ low: 2, medium: 7, high: 2, urgent: 1 })
  readonly byPriority!: Readonly<Record<TaskPriority, number>>;
}

/** Something that happened to a task. */
export class TaskEventView extends Message<TaskEventView> {
  @IsInt() @Example(2) readonly version!: number;
  @IsString() @Example('task.started.v1') readonly type!: string;
  /** The event as it was recorded. */
  @IsObject() readonly data!: Readonly<Record<string, unknown>>;
  /** Who caused it: a user's id, or the name of a policy. */
  @IsString() readonly actor!: string;
  @IsTime() readonly occurredAt!: Date;
}
