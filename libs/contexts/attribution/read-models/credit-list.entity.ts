import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { AttributionModel, Touchpoint, Weighting } from '../contract/index.js';

/** Share, and amount in minor units. */
export type Earned = readonly [share: number, amount: number];

/** What a touchpoint earns by each model, weighted or not. */
export interface CreditedTouchpoint extends Touchpoint {
  readonly earned: Readonly<Record<AttributionModel, Readonly<Record<Weighting, Earned>>>>;
}

/** One row a conversion that counts: `id` is the conversion's. */
@Entity({ schema: 'attribution', name: 'credit_list' })
export class CreditListRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('numeric') value!: string;
  @Column('text') currency!: string;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  @Column('int', { name: 'calculation_version' }) calculationVersion!: number;
  /** In the order of the journey; of a conversion that nobody led to there are none. */
  @Column('jsonb') credits!: readonly CreditedTouchpoint[];
}
