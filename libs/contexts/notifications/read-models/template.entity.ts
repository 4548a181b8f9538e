import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { Channel, Topic } from '../contract/index.js';

@Entity({ schema: 'notifications', name: 'templates' })
export class TemplateRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') name!: string;
  @Column('text') channel!: Channel;
  @Column('text') topic!: Topic;
  @Column('text') subject!: string;
  @Column('text') body!: string;
  @Column('jsonb') variables!: Readonly<Record<string, string>>;
  @Column('boolean', { name: 'is_active' }) isActive!: boolean;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
