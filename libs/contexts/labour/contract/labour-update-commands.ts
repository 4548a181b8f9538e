import { IsIn, IsUUID } from 'class-validator';

import { Command, Example, Message, Optional, Personal } from '#kernel';

import { MessageText } from './fields.js';
import { LabourUpdateTypes, type LabourUpdateType } from './vocabulary.js';

const KnownType = (): PropertyDecorator =>
  IsIn(LabourUpdateTypes, {
    message: `the type must be one of ${LabourUpdateTypes.join(', ')}`,
    context: { reason: 'labour_update_type_unknown' },
  });

@Command('labour.post_labour_update.v1', 'birthingPersonId')
export class PostLabourUpdate extends Message<PostLabourUpdate> {
  @IsUUID() readonly birthingPersonId!: string;
  /** Who says so: the birthing person or a birth partner. */
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly labourUpdateId!: string;
  @KnownType() @Example('announcement') readonly type!: LabourUpdateType;
  @Personal() @MessageText() @Example('We are on our way') readonly message!: string;
}

/** What is absent stays as it is. */
@Command('labour.edit_labour_update.v1', 'birthingPersonId')
export class EditLabourUpdate extends Message<EditLabourUpdate> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly labourUpdateId!: string;
  @Optional() @KnownType() @Example('status_update') readonly type?: LabourUpdateType;
  @Optional() @Personal() @MessageText() @Example('We have arrived') readonly message?: string;
}

@Command('labour.delete_labour_update.v1', 'birthingPersonId')
export class DeleteLabourUpdate extends Message<DeleteLabourUpdate> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly labourUpdateId!: string;
}
