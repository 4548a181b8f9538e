import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { BirthingPersonRecord, LabourRecord, SubscriberRecord } from '../contract/index.js';

@Entity({ schema: 'labour', name: 'birthing_people' })
export class BirthingPersonRow implements ReadModelRow, BirthingPersonRecord {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') username!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'first_name', nullable: true }) firstName!: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName!: string | null;
  @Column('text', { name: 'registered_at', nullable: true }) registeredAt!: string | null;
  @Column('jsonb') subscribers!: readonly SubscriberRecord[];
  @Column('jsonb') labours!: readonly LabourRecord[];
  /** Those of the labours, so that one is found by it. */
  @Column('uuid', { name: 'labour_ids', array: true }) labourIds!: readonly string[];
  @Column('jsonb', { name: 'invites_sent' }) invitesSent!: readonly string[];
}
