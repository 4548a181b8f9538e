import { IsArray, IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional } from '#kernel';

import { TaskPriorities, TaskStatuses, type TaskPriority, type TaskStatus } from './vocabulary.js';

@Event('task.created.v1', 'taskId')
export class TaskCreated extends Message<TaskCreated> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsString() @Example('And the charger') readonly description!: string;
  @IsIn(TaskPriorities) @Example('high') readonly priority!: TaskPriority;
  @Optional() @IsUUID() readonly categoryId?: string;
  @IsIn(TaskStatuses) @Example('pending') readonly status!: TaskStatus;
  @Optional() @IsTime() readonly dueDate?: string;
}

/** The whole task as it is now, and the wire names of the fields that changed. */
@Event('task.updated.v1', 'taskId')
export class TaskUpdated extends Message<TaskUpdated> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack both bags') readonly title!: string;
  @IsString() @Example('And the charger') readonly description!: string;
  @IsIn(TaskPriorities) @Example('urgent') readonly priority!: TaskPriority;
  @Optional() @IsUUID() readonly categoryId?: string;
  @IsIn(TaskStatuses) @Example('in_progress') readonly status!: TaskStatus;
  @Optional() @IsTime() readonly dueDate?: string;
  @IsTime() readonly updatedAt!: string;
  @IsArray() @IsString({ each: true }) @Example(['title', 'due_date']) readonly changed!: readonly string[];
}

@Event('task.started.v1', 'taskId')
export class TaskStarted extends Message<TaskStarted> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsTime() readonly startedAt!: string;
}

@Event('task.completed.v1', 'taskId')
export class TaskCompleted extends Message<TaskCompleted> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsIn(TaskPriorities) @Example('high') readonly priority!: TaskPriority;
  @IsTime() readonly completedAt!: string;
}

@Event('task.cancelled.v1', 'taskId')
export class TaskCancelled extends Message<TaskCancelled> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsIn(TaskStatuses) @Example('cancelled') readonly status!: TaskStatus;
  @IsTime() readonly cancelledAt!: string;
}

@Event('task.reopened.v1', 'taskId')
export class TaskReopened extends Message<TaskReopened> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsIn(TaskStatuses) @Example('pending') readonly status!: TaskStatus;
  @IsTime() readonly reopenedAt!: string;
}

/** Will be due within a day. */
@Event('task.due_soon.v1', 'taskId')
export class TaskDueSoon extends Message<TaskDueSoon> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsTime() @Example('2030-01-31T12:00:00.000Z') readonly dueDate!: string;
}

@Event('task.deleted.v1', 'taskId')
export class TaskDeleted extends Message<TaskDeleted> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() @Example('Pack the hospital bag') readonly title!: string;
  @IsTime() readonly deletedAt!: string;
}
