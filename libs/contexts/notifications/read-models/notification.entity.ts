import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { Channel, NotificationStatus, Topic } from '../contract/index.js';

@Entity({ schema: 'notifications', name: 'notifications' })
export class NotificationRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'user_id', nullable: true }) userId!: string | null;
  @Column('text') channel!: Channel;
  @Column('text') recipient!: string;
  @Column('text', { nullable: true }) template!: string | null;
  @Column('text') topic!: Topic;
  @Column('text') title!: string;
  @Column('text') message!: string;
  @Column('jsonb', { nullable: true }) metadata!: Readonly<Record<string, unknown>> | null;
  @Column('text', { name: 'dedup_key', nullable: true }) dedupKey!: string | null;
  @Column('text') status!: NotificationStatus;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage!: string | null;
  @Column('int', { name: 'retry_count' }) retryCount!: number;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt!: Date | null;
  @Column('timestamptz', { name: 'read_at', nullable: true }) readAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
