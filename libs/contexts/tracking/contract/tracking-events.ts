import { IsIn, IsObject, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional } from '#kernel';

import { InteractionTypes, type InteractionType, type TrackingMetadata } from './vocabulary.js';

@Event('tracking_event.recorded.v1', 'trackingEventId')
export class TrackingEventRecorded extends Message<TrackingEventRecorded> {
  @IsUUID() readonly trackingEventId!: string;
  @IsString() @Example('search.example') readonly partnerId!: string;
  @IsString() @Example('spring-sale') readonly campaignId!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(InteractionTypes) @Example('click') readonly interactionType!: InteractionType;
  @IsString() @Example('https://search.example/?q=cribs') readonly sourceUrl!: string;
  @IsString() @Example('https://shop.example/cribs?utm_campaign=spring-sale') readonly destinationUrl!: string;
  @IsTime() readonly occurredAt!: string;
  /** When it was accepted. */
  @IsTime() readonly recordedAt!: string;
  @Optional() @IsObject() @Example({ placement: 'top' }) readonly metadata?: TrackingMetadata;
}

/** It does not count any more: it was a robot, a test, a mistake. */
@Event('tracking_event.discarded.v1', 'trackingEventId')
export class TrackingEventDiscarded extends Message<TrackingEventDiscarded> {
  @IsUUID() readonly trackingEventId!: string;
  @IsString() @Example('search.example') readonly partnerId!: string;
  @IsString() @Example('spring-sale') readonly campaignId!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(InteractionTypes) @Example('click') readonly interactionType!: InteractionType;
  @IsTime() readonly occurredAt!: string;
  @IsString() @Example('It was a robot') readonly reason!: string;
  @IsTime() readonly discardedAt!: string;
}
