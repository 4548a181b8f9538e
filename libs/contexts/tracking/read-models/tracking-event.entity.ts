import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { InteractionType, TrackingEventStatus, TrackingMetadata } from '../contract/index.js';

@Entity({ schema: 'tracking', name: 'tracking_events' })
export class TrackingEventRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text', { name: 'partner_id' }) partnerId!: string;
  @Column('text', { name: 'campaign_id' }) campaignId!: string;
  @Column('text', { name: 'visitor_id' }) visitorId!: string;
  @Column('text', { name: 'interaction_type' }) interactionType!: InteractionType;
  @Column('text', { name: 'source_url' }) sourceUrl!: string;
  @Column('text', { name: 'destination_url' }) destinationUrl!: string;
  @Column('jsonb', { nullable: true }) metadata!: TrackingMetadata | null;
  @Column('text') status!: TrackingEventStatus;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt!: Date;
  @Column('timestamptz', { name: 'discarded_at', nullable: true }) discardedAt!: Date | null;
  @Column('text', { name: 'discard_reason', nullable: true }) discardReason!: string | null;
}
