import { IsIn, IsString, IsUUID, Length, MaxLength } from 'class-validator';

import { Command, IsTime, Message, Optional, Trimmed } from '#kernel';

import { TaskPriorities, type TaskPriority } from './vocabulary.js';

@Command('tasks.create_task.v1', 'taskId')
export class CreateTask extends Message<CreateTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @Trimmed()
  @Length(1, undefined, { message: 'the title must not be empty', context: { reason: 'title_required' } })
  @MaxLength(255, { message: 'the title must have at most 255 characters', context: { reason: 'title_too_long' } })
  readonly title!: string;
  @Optional() @IsString() @MaxLength(5000) readonly description?: string;
  @Optional()
  @IsIn(TaskPriorities, {
    message: `the priority must be one of ${TaskPriorities.join(', ')}`,
    context: { reason: 'priority_unknown' },
  })
  readonly priority?: TaskPriority;
  @Optional() @IsTime() readonly dueDate?: string;
}

@Command('tasks.start_task.v1', 'taskId')
export class StartTask extends Message<StartTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}

@Command('tasks.complete_task.v1', 'taskId')
export class CompleteTask extends Message<CompleteTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}
