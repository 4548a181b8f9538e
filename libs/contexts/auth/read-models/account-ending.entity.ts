import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

/** An account that is deactivated or deleted, and since when. */
@Entity({ schema: 'auth', name: 'account_endings' })
export class AccountEndingRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('timestamptz', { name: 'ended_at' }) endedAt!: Date;
}
