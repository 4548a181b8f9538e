import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { ContactMethod, SubscriberRole, SubscriptionStatus } from '../contract/index.js';

@Entity({ schema: 'subscriptions', name: 'subscriptions' })
export class SubscriptionRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('uuid', { name: 'subscriber_id' }) subscriberId!: string;
  @Column('uuid', { name: 'birthing_person_id' }) birthingPersonId!: string;
  @Column('text') status!: SubscriptionStatus;
  @Column('text') role!: SubscriberRole;
  @Column('text', { name: 'contact_methods', array: true }) contactMethods!: readonly ContactMethod[];
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
