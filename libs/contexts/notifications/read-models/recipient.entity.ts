import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { ChannelChoice } from '../contract/index.js';

@Entity({ schema: 'notifications', name: 'recipients' })
export class RecipientRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text', { nullable: true }) username!: string | null;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('text', { name: 'first_name', nullable: true }) firstName!: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName!: string | null;
  @Column('text', { name: 'phone_number', nullable: true }) phoneNumber!: string | null;
  @Column('jsonb') preferences!: ChannelChoice;
  @Column('timestamptz', { name: 'read_until', nullable: true }) readUntil!: Date | null;
  /** The row stays, so that nothing is said any more to somebody who is gone. */
  @Column('boolean', { name: 'is_forgotten' }) isForgotten!: boolean;
}
