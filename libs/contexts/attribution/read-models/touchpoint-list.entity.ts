import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { InteractionType } from '../contract/index.js';

/** One row a touchpoint: `id` is the tracking event's. */
@Entity({ schema: 'attribution', name: 'touchpoint_list' })
export class TouchpointListRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text', { name: 'visitor_id' }) visitorId!: string;
  @Column('text', { name: 'partner_id' }) partnerId!: string;
  @Column('text', { name: 'campaign_id' }) campaignId!: string;
  @Column('text', { name: 'interaction_type' }) interactionType!: InteractionType;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt!: Date;
}
