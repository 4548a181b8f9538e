import { IsIn, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message } from '#kernel';

import { InteractionTypes, type InteractionType } from './vocabulary.js';

@Event('attribution.touchpoint_registered.v1', 'visitorKey')
export class TouchpointRegistered extends Message<TouchpointRegistered> {
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  /** The id of the tracking event. */
  @IsUUID() readonly touchpointId!: string;
  @IsString() @Example('search.example') readonly partnerId!: string;
  @IsString() @Example('spring-sale') readonly campaignId!: string;
  @IsIn(InteractionTypes) @Example('click') readonly interactionType!: InteractionType;
  @IsTime() readonly occurredAt!: string;
  @IsTime() readonly recordedAt!: string;
}

/** It earns nothing any more, nor ever will: it may not have been registered yet. */
@Event('attribution.touchpoint_removed.v1', 'visitorKey')
export class TouchpointRemoved extends Message<TouchpointRemoved> {
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsUUID() readonly touchpointId!: string;
}
