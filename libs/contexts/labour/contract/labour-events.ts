import { IsBoolean, IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional, Personal } from '#kernel';

import { Advices, LabourPhases, type Advice, type LabourPhase } from './vocabulary.js';

@Event('labour.planned.v1', 'birthingPersonId')
export class LabourPlanned extends Message<LabourPlanned> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Personal() @IsTime() @Example('2030-03-01T00:00:00.000Z') readonly dueDate!: string;
  @Optional() @Personal() @IsString() @Example('Our little one') readonly labourName?: string;
}

/** The whole plan as it is now. */
@Event('labour.plan_updated.v1', 'birthingPersonId')
export class LabourPlanUpdated extends Message<LabourPlanUpdated> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Personal() @IsTime() @Example('2030-03-04T00:00:00.000Z') readonly dueDate!: string;
  @Optional() @Personal() @IsString() @Example('Our little one') readonly labourName?: string;
}

@Event('labour.begun.v1', 'birthingPersonId')
export class LabourBegun extends Message<LabourBegun> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @IsTime() @Example('2030-03-01T10:00:00.000Z') readonly startTime!: string;
  @Optional() @Personal() @IsString() @Example('The waters broke at breakfast') readonly notes?: string;
}

@Event('labour.phase_changed.v1', 'birthingPersonId')
export class LabourPhaseChanged extends Message<LabourPhaseChanged> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsIn(LabourPhases) @Example('early') readonly from!: LabourPhase;
  @IsIn(LabourPhases) @Example('active') readonly to!: LabourPhase;
}

/** What is recommended, or is no more, as contractions were recorded. */
@Event('labour.recommendation_changed.v1', 'birthingPersonId')
export class RecommendationChanged extends Message<RecommendationChanged> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsIn(Advices) @Example('go_to_hospital') readonly advice!: Advice;
  @IsBoolean() @Example(false) readonly from!: boolean;
  @IsBoolean() @Example(true) readonly to!: boolean;
}

@Event('labour.completed.v1', 'birthingPersonId')
export class LabourCompleted extends Message<LabourCompleted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsTime() @Example('2030-03-01T22:14:00.000Z') readonly endTime!: string;
  @Optional() @Personal() @IsString() @Example('A girl, and all are well') readonly notes?: string;
}

@Event('labour.deleted.v1', 'birthingPersonId')
export class LabourDeleted extends Message<LabourDeleted> {
  @IsUUID() readonly labourId!: string;
  @IsUUID() readonly birthingPersonId!: string;
  @IsTime() readonly deletedAt!: string;
}

/** Somebody was invited to follow. Without a labour: before one was planned. */
@Event('labour.invite_sent.v1', 'birthingPersonId')
export class LabourInviteSent extends Message<LabourInviteSent> {
  @IsUUID() readonly birthingPersonId!: string;
  @Optional() @IsUUID() readonly labourId?: string;
  @Personal() @IsString() @Example('grace@example.org') readonly email!: string;
}
