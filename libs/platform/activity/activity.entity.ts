import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

/** An event without what it says: `id` is the event's own. */
@Entity({ schema: 'platform', name: 'activity' })
export class ActivityRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') type!: string;
  @Column('text') context!: string;
  @Column('text', { name: 'stream_type' }) streamType!: string;
  @Column('uuid', { name: 'stream_id' }) streamId!: string;
  @Column('int', { name: 'stream_version' }) streamVersion!: number;
  /** Id of the user, or the name of the policy, whose command caused it. */
  @Column('text') actor!: string;
  /** The event's fields that are ids, by their wire names. */
  @Column('jsonb') ids!: Readonly<Record<string, unknown>>;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
}
