import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

/** Who may follow a birthing person: `id` is the user's. */
@Entity({ schema: 'subscriptions', name: 'share_settings' })
export class ShareSettingsRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  /** Readable, for its owner hands it on. */
  @Column('text') token!: string;
  @Column('boolean', { name: 'approval_required' }) approvalRequired!: boolean;
}
