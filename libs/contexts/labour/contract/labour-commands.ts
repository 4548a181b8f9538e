import { IsBoolean, IsIn, IsUUID } from 'class-validator';

import { Command, Example, IsTime, Message, Optional, Personal } from '#kernel';

import { Address, LabourName, Notes } from './fields.js';
import { PhasesOfLabour, type PhaseOfLabour } from './vocabulary.js';

@Command('labour.plan_labour.v1', 'birthingPersonId')
export class PlanLabour extends Message<PlanLabour> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly labourId!: string;
  @Personal() @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Personal() @IsTime() @Example('2030-03-01T00:00:00Z') readonly dueDate!: string;
  @Optional() @Personal() @LabourName() @Example('Our little one') readonly labourName?: string;
}

/** The whole plan: what is absent is none. */
@Command('labour.update_labour_plan.v1', 'birthingPersonId')
export class UpdateLabourPlan extends Message<UpdateLabourPlan> {
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @IsBoolean() @Example(true) readonly firstLabour!: boolean;
  @Personal() @IsTime() @Example('2030-03-04T00:00:00Z') readonly dueDate!: string;
  @Optional() @Personal() @LabourName() @Example('Our little one') readonly labourName?: string;
}

/** Begins the labour that is planned, or one that was not. */
@Command('labour.begin_labour.v1', 'birthingPersonId')
export class BeginLabour extends Message<BeginLabour> {
  @IsUUID() readonly birthingPersonId!: string;
  /** The id of a labour that was not planned. */
  @IsUUID() readonly labourId!: string;
  /** Required unless the labour is planned. */
  @Optional() @Personal() @IsBoolean() @Example(true) readonly firstLabour?: boolean;
  /** Left out: now. */
  @Optional() @IsTime() @Example('2030-03-01T10:00:00Z') readonly startTime?: string;
  @Optional() @Personal() @Notes() @Example('The waters broke at breakfast') readonly notes?: string;
}

@Command('labour.advance_labour_phase.v1', 'birthingPersonId')
export class AdvanceLabourPhase extends Message<AdvanceLabourPhase> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsIn(PhasesOfLabour, {
    message: `the phase must be one of ${PhasesOfLabour.join(', ')}`,
    context: { reason: 'phase_invalid' },
  })
  @Example('pushing')
  readonly phase!: PhaseOfLabour;
}

@Command('labour.complete_labour.v1', 'birthingPersonId')
export class CompleteLabour extends Message<CompleteLabour> {
  @IsUUID() readonly birthingPersonId!: string;
  /** Left out: now. */
  @Optional() @IsTime() @Example('2030-03-01T22:14:00Z') readonly endTime?: string;
  @Optional() @Personal() @Notes() @Example('A girl, and all are well') readonly notes?: string;
}

@Command('labour.delete_labour.v1', 'birthingPersonId')
export class DeleteLabour extends Message<DeleteLabour> {
  @IsUUID() readonly birthingPersonId!: string;
  @IsUUID() readonly labourId!: string;
}

/** Invites somebody by e-mail to follow. */
@Command('labour.send_labour_invite.v1', 'birthingPersonId')
export class SendLabourInvite extends Message<SendLabourInvite> {
  @IsUUID() readonly birthingPersonId!: string;
  @Personal() @Address() @Example('grace@example.org') readonly email!: string;
}
