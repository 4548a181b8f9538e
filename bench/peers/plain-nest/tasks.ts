import { IsIn, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';

/** The body of a request. */
export class NewTask {
  @IsString() @Length(1, 255) readonly title!: string;
  @IsOptional() @IsString() @MaxLength(5000) readonly description?: string;
  @IsOptional() @IsIn(['low', 'medium', 'high', 'urgent']) readonly priority?: string;
}

/** What goes over the queue. */
export class CreateTask extends NewTask {
  @IsUUID() readonly commandId!: string;
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}

export class StartTask {
  @IsUUID() readonly commandId!: string;
  @IsUUID() readonly taskId!: string;
  @IsUUID() readonly userId!: string;
}
