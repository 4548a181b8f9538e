import { IsArray, IsBoolean, IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional, Personal } from '#kernel';

import { LabourUpdateTypes, type LabourUpdateType } from './vocabulary.js';

@Event('labour.update_posted.v1', 'birthingPersonId')
export class LabourUpdatePosted extends Message<LabourUpdatePosted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly labourUpdateId!: string;
  @IsIn(LabourUpdateTypes) @Example('announcement') readonly type!: LabourUpdateType;
  @Personal() @IsString() @Example('We are on our way') readonly message!: string;
  @IsTime() readonly sentTime!: string;
  /** Nobody wrote it: the labour did. */
  @IsBoolean() @Example(false) readonly applicationGenerated!: boolean;
}

/** The whole update as it is now, and the wire names of the fields that changed. */
@Event('labour.update_edited.v1', 'birthingPersonId')
export class LabourUpdateEdited extends Message<LabourUpdateEdited> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly labourUpdateId!: string;
  @IsIn(LabourUpdateTypes) @Example('status_update') readonly type!: LabourUpdateType;
  @Personal() @IsString() @Example('We have arrived') readonly message!: string;
  @IsTime() readonly editedAt!: string;
  @IsBoolean() @Example(false) readonly applicationGenerated!: boolean;
  @IsArray() @IsString({ each: true }) @Example(['type', 'message']) readonly changed!: readonly string[];
}

@Event('labour.update_deleted.v1', 'birthingPersonId')
export class LabourUpdateDeleted extends Message<LabourUpdateDeleted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly labourUpdateId!: string;
  /** What it was at last. Events from before this was said have none. */
  @Optional() @IsIn(LabourUpdateTypes) @Example('status_update') readonly type?: LabourUpdateType;
}
