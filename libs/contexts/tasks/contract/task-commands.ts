import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';

import { Command, Example, IsTime, Message, Nullable, Optional, ShortText } from '#kernel';

import { TaskPriorities, type TaskPriority } from './vocabulary.js';

const KnownPriority = (): PropertyDecorator =>
  IsIn(TaskPriorities, {
    message: `the priority must be one of ${TaskPriorities.join(', ')}`,
    context: { reason: 'priority_unknown' },
  });

@Command('tasks.create_task.v1', 'taskId')
export class CreateTask extends Message<CreateTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @ShortText('title', 255) @Example('Pack the hospital bag') readonly title!: string;
  @Optional() @IsString() @MaxLength(5000) @Example('And the charger') readonly description?: string;
  @Optional() @KnownPriority() @Example('high') readonly priority?: TaskPriority;
  @Optional() @IsUUID() readonly categoryId?: string;
  @Optional() @IsTime() @Example('2030-01-31T12:00:00Z') readonly dueDate?: string;
}

/** What is absent stays as it is; null clears. */
@Command('tasks.update_task.v1', 'taskId')
export class UpdateTask extends Message<UpdateTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
  @Optional() @ShortText('title', 255) @Example('Pack both bags') readonly title?: string;
  @Optional() @IsString() @MaxLength(5000) @Example('And the charger') readonly description?: string;
  @Optional() @KnownPriority() @Example('urgent') readonly priority?: TaskPriority;
  @Optional() @Nullable() @IsUUID() readonly categoryId?: string | null;
  @Optional() @Nullable() @IsTime() @Example('2030-02-28T12:00:00Z') readonly dueDate?: string | null;
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

@Command('tasks.cancel_task.v1', 'taskId')
export class CancelTask extends Message<CancelTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}

@Command('tasks.reopen_task.v1', 'taskId')
export class ReopenTask extends Message<ReopenTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}

/** Sent by the context itself, a day before the task is due. */
@Command('tasks.remind_of_due_date.v1', 'taskId')
export class RemindOfDueDate extends Message<RemindOfDueDate> {
  @IsUUID() readonly taskId!: string;
  /** The date for which it was scheduled: if the task has another by now, there is nothing to say. */
  @IsTime() readonly dueDate!: string;
}

@Command('tasks.delete_task.v1', 'taskId')
export class DeleteTask extends Message<DeleteTask> {
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}
