import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { AttributionSettings, ConversionStatus, ConversionType } from '../contract/index.js';

/** One row a conversion. Its id follows from visitor and conversion, so that no two visitors write the same row. */
@Entity({ schema: 'attribution', name: 'conversion_list' })
export class ConversionListRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'conversion_id' }) conversionId!: string;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('uuid', { name: 'visitor_key' }) visitorKey!: string;
  @Column('text', { name: 'visitor_id' }) visitorId!: string;
  @Column('text', { name: 'conversion_type' }) conversionType!: ConversionType;
  @Column('numeric') value!: string;
  @Column('text') currency!: string;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  @Column('text') status!: ConversionStatus;
  @Column('int', { name: 'calculation_version' }) calculationVersion!: number;
  /** Those that share, or shared, the value. */
  @Column('jsonb', { name: 'touchpoint_ids' }) touchpointIds!: readonly string[];
  /** Those that it was calculated by. */
  @Column('jsonb') settings!: AttributionSettings;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt!: Date;
  @Column('timestamptz', { name: 'reversed_at', nullable: true }) reversedAt!: Date | null;
  @Column('text', { name: 'reversal_reason', nullable: true }) reversalReason!: string | null;
}
