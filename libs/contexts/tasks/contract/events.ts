import { IsIn, IsString, IsUUID } from 'class-validator';

import { Event, IsTime, Message, Optional } from '#kernel';

import { TaskPriorities, TaskStatuses, type TaskPriority, type TaskStatus } from './vocabulary.js';

@Event('task.created.v1', 'taskId')
export class TaskCreated extends Message<TaskCreated> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() readonly title!: string;
  @IsString() readonly description!: string;
  @IsIn(TaskPriorities) readonly priority!: TaskPriority;
  @IsIn(TaskStatuses) readonly status!: TaskStatus;
  @Optional() @IsTime() readonly dueDate?: string;
}

@Event('task.started.v1', 'taskId')
export class TaskStarted extends Message<TaskStarted> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() readonly title!: string;
  @IsTime() readonly startedAt!: string;
}

@Event('task.completed.v1', 'taskId')
export class TaskCompleted extends Message<TaskCompleted> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @IsString() readonly title!: string;
  @IsIn(TaskPriorities) readonly priority!: TaskPriority;
  @IsTime() readonly completedAt!: string;
}
