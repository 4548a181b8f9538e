import { IsUUID } from 'class-validator';

import { Command, Example, IsTime, Message, Nullable, Optional, Personal } from '#kernel';

import { Intensity, Notes } from './fields.js';

/** The labour that is planned begins with its first contraction. */
@Command('labour.start_contraction.v1', 'birthingPersonId')
export class StartContraction extends Message<StartContraction> {
  @IsUUID() readonly birthingPersonId!: string;
  /** Who says so: the birthing person or a birth partner. */
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly contractionId!: string;
  /** Left out: now. */
  @Optional() @IsTime() @Example('2030-03-01T10:05:30Z') readonly startTime?: string;
  @Optional() @Personal() @Intensity() @Example(5) readonly intensity?: number;
  @Optional() @Personal() @Notes() @Example('In the back') readonly notes?: string;
}

@Command('labour.end_contraction.v1', 'birthingPersonId')
export class EndContraction extends Message<EndContraction> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly userId!: string;
  @Personal() @Intensity() @Example(5) readonly intensity!: number;
  /** Left out: now. */
  @Optional() @IsTime() @Example('2030-03-01T10:06:30Z') readonly endTime?: string;
  /** Left out: as it was said at the start. */
  @Optional() @Personal() @Notes() @Example('In the back') readonly notes?: string;
}

/** What is absent stays as it is; null clears. */
@Command('labour.update_contraction.v1', 'birthingPersonId')
export class UpdateContraction extends Message<UpdateContraction> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly contractionId!: string;
  @Optional() @IsTime() @Example('2030-03-01T10:05:30Z') readonly startTime?: string;
  @Optional() @IsTime() @Example('2030-03-01T10:06:30Z') readonly endTime?: string;
  @Optional() @Personal() @Intensity() @Example(6) readonly intensity?: number;
  @Optional() @Nullable() @Personal() @Notes() @Example('In the back') readonly notes?: string | null;
}

@Command('labour.delete_contraction.v1', 'birthingPersonId')
export class DeleteContraction extends Message<DeleteContraction> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly userId!: string;
  @IsUUID() readonly contractionId!: string;
}
