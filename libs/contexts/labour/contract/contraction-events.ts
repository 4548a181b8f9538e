import { IsArray, IsInt, IsNumber, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional, Personal } from '#kernel';

@Event('contraction.started.v1', 'birthingPersonId')
export class ContractionStarted extends Message<ContractionStarted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly contractionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsTime() @Example('2030-03-01T10:05:30.000Z') readonly startTime!: string;
  /** 0 to 10. */
  @Optional() @Personal() @IsInt() @Example(5) readonly intensity?: number;
  @Optional() @Personal() @IsString() @Example('In the back') readonly notes?: string;
}

@Event('contraction.ended.v1', 'birthingPersonId')
export class ContractionEnded extends Message<ContractionEnded> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly contractionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsTime() @Example('2030-03-01T10:05:30.000Z') readonly startTime!: string;
  @IsTime() @Example('2030-03-01T10:06:30.000Z') readonly endTime!: string;
  @IsNumber() @Example(60) readonly durationSeconds!: number;
  /** 0 to 10. */
  @Personal() @IsInt() @Example(5) readonly intensity!: number;
  @Optional() @Personal() @IsString() @Example('In the back') readonly notes?: string;
}

/** The whole contraction as it is now, and the wire names of the fields that changed. */
@Event('contraction.updated.v1', 'birthingPersonId')
export class ContractionUpdated extends Message<ContractionUpdated> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly contractionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsTime() @Example('2030-03-01T10:05:30.000Z') readonly startTime!: string;
  @IsTime() @Example('2030-03-01T10:06:30.000Z') readonly endTime!: string;
  @IsNumber() @Example(60) readonly durationSeconds!: number;
  /** 0 to 10. */
  @Personal() @IsInt() @Example(6) readonly intensity!: number;
  @Optional() @Personal() @IsString() @Example('In the back') readonly notes?: string;
  @IsArray() @IsString({ each: true }) @Example(['intensity']) readonly changed!: readonly string[];
}

@Event('contraction.deleted.v1', 'birthingPersonId')
export class ContractionDeleted extends Message<ContractionDeleted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly contractionId!: string;
  @IsUUID() readonly birthingPersonId!: string;
}
