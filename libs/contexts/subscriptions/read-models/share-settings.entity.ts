import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

/** No token of anybody's: this one is left of who is forgotten, so that they are told from who is not known yet. */
export const forgottenToken = '';

/** Who may follow a birthing person: `id` is the user's. */
@Entity({ schema: 'subscriptions', name: 'share_settings' })
export class ShareSettingsRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  /** Readable, for its owner hands it on. */
  @Column('text') token!: string;
  @Column('boolean', { name: 'approval_required' }) approvalRequired!: boolean;
}
