import { IsIn, IsUUID } from 'class-validator';

import { Command, Example, IsTime, Message } from '#kernel';

import { Text, VisitorName } from './fields.js';
import { InteractionTypes, type InteractionType } from './vocabulary.js';

/** Sent by the context itself, when an interaction was tracked. */
@Command('attribution.register_touchpoint.v1', 'visitorKey')
export class RegisterTouchpoint extends Message<RegisterTouchpoint> {
  @IsUUID() readonly visitorKey!: string;
  @VisitorName() @Example('v-81f3') readonly visitorId!: string;
  @IsUUID() readonly touchpointId!: string;
  @Text(255) @Example('search.example') readonly partnerId!: string;
  @Text(255) @Example('spring-sale') readonly campaignId!: string;
  @IsIn(InteractionTypes) @Example('click') readonly interactionType!: InteractionType;
  @IsTime() readonly occurredAt!: string;
  @IsTime() readonly recordedAt!: string;
}

/** Sent by the context itself, when a tracked interaction was discarded. */
@Command('attribution.remove_touchpoint.v1', 'visitorKey')
export class RemoveTouchpoint extends Message<RemoveTouchpoint> {
  @IsUUID() readonly visitorKey!: string;
  @VisitorName() @Example('v-81f3') readonly visitorId!: string;
  @IsUUID() readonly touchpointId!: string;
}
