import { IsArray, IsIn, IsInt, IsNumber, IsObject, IsString, IsUUID, Min } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';
import type { Health } from '#platform/observability/health.js';

import {
  InteractionTypes,
  TrackingEventStatuses,
  type InteractionType,
  type TrackingEventStatus,
  type TrackingMetadata,
} from '../contract/index.js';

/** A tracking event as it is shown. */
export class TrackingEventView extends Message<TrackingEventView> {
  @IsUUID() readonly trackingEventId!: string;
  @IsInt() @Example(1) readonly version!: number;
  @IsString() @Example('search.example') readonly partnerId!: string;
  @IsString() @Example('spring-sale') readonly campaignId!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(InteractionTypes) @Example('click') readonly interactionType!: InteractionType;
  @IsString() @Example('https://search.example/?q=cribs') readonly sourceUrl!: string;
  @IsString() @Example('https://shop.example/cribs?utm_campaign=spring-sale') readonly destinationUrl!: string;
  @Nullable() @IsObject() @Example({ placement: 'top' }) readonly metadata!: TrackingMetadata | null;
  @IsIn(TrackingEventStatuses) @Example('recorded') readonly status!: TrackingEventStatus;
  @IsTime() readonly occurredAt!: Date;
  @IsTime() readonly recordedAt!: Date;
  @Nullable() @IsTime() readonly discardedAt!: Date | null;
  @Nullable() @IsString() readonly discardReason!: string | null;
}

/** What whoever tells of an interaction is answered. */
export class RecordedTrackingEvent extends Message<RecordedTrackingEvent> {
  @IsUUID() readonly trackingEventId!: string;
  @IsIn(['recorded']) readonly status!: 'recorded';
  @IsString() @Example('the interaction was recorded') readonly message!: string;
  /** From the request's arrival to this answer. */
  @IsNumber() @Min(0) @Example(12.4) readonly processingTimeMs!: number;
}

/** Whether what tracking needs is there. */
export class TrackingHealth extends Message<TrackingHealth> {
  @IsIn(['healthy', 'degraded', 'unhealthy']) readonly status!: Health;
  @IsIn(['tracking']) readonly service!: 'tracking';
  @IsString() readonly version!: string;
}

/** How many interactions there were, and of how many visitors. */
export class TrackingStats extends Message<TrackingStats> {
  /** One for each partner, campaign, day or type, the largest first; days in their order. */
  @IsArray()
  @IsObject({ each: true })
  @Example([{ key: 'search.example', events: 120, unique_visitors: 80 }])
  readonly items!: readonly TrackingCount[];
  @IsObject() @Example({ events: 200, unique_visitors: 110 }) readonly totals!: Omit<TrackingCount, 'key'>;
}

export interface TrackingCount {
  readonly key: string;
  readonly events: number;
  readonly unique_visitors: number;
}
