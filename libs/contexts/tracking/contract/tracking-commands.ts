import { IsObject, IsUUID } from 'class-validator';

import { Command, Example, IsTime, Message, Optional } from '#kernel';

import { Key, KnownInteraction, Metadata, Reason, WebAddress } from './fields.js';
import type { InteractionType, TrackingMetadata } from './vocabulary.js';

@Command('tracking.record_tracking_event.v1', 'trackingEventId')
export class RecordTrackingEvent extends Message<RecordTrackingEvent> {
  @IsUUID() readonly trackingEventId!: string;
  @Key() @Example('search.example') readonly partnerId!: string;
  @Key() @Example('spring-sale') readonly campaignId!: string;
  @Key() @Example('v-81f3') readonly visitorId!: string;
  @KnownInteraction() @Example('click') readonly interactionType!: InteractionType;
  /** Where the visitor came from. */
  @WebAddress() @Example('https://search.example/?q=cribs') readonly sourceUrl!: string;
  /** Where the visitor went. */
  @WebAddress() @Example('https://shop.example/cribs?utm_campaign=spring-sale') readonly destinationUrl!: string;
  /** Left out: when it was accepted. */
  @Optional() @IsTime() readonly occurredAt?: string;
  @Optional() @IsObject() @Metadata() @Example({ placement: 'top' }) readonly metadata?: TrackingMetadata;
}

@Command('tracking.discard_tracking_event.v1', 'trackingEventId')
export class DiscardTrackingEvent extends Message<DiscardTrackingEvent> {
  @IsUUID() readonly trackingEventId!: string;
  @Reason() @Example('It was a robot') readonly reason!: string;
}
