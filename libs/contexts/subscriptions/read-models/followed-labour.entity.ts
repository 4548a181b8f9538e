import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { LabourPhase } from '#contexts/labour/contract/index.js';
import type { ReadModelRow } from '#kernel';

/** How the latest labour of a birthing person stands: `id` is the person's. */
@Entity({ schema: 'subscriptions', name: 'followed_labours' })
export class FollowedLabourRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'labour_id' }) labourId!: string;
  @Column('text') phase!: LabourPhase;
}
