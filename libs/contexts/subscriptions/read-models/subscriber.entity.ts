import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { ContactMethod } from '../contract/index.js';

/** A user as this context knows them, registered as a subscriber or not. Of who is forgotten the id alone is left. */
@Entity({ schema: 'subscriptions', name: 'subscribers' })
export class SubscriberRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  /** These three are empty until the account has told them. */
  @Column('text') email!: string;
  @Column('text') username!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'first_name', nullable: true }) firstName!: string | null;
  @Column('text', { name: 'last_name', nullable: true }) lastName!: string | null;
  @Column('text', { name: 'phone_number', nullable: true }) phoneNumber!: string | null;
  /** Null: not registered as a subscriber. */
  @Column('timestamptz', { name: 'registered_at', nullable: true }) registeredAt!: Date | null;
  @Column('text', { name: 'contact_methods', array: true }) contactMethods!: readonly ContactMethod[];
}

/** Whoever registered, or has an address, is not. */
export const isForgotten = ({ email, registeredAt }: Pick<SubscriberRow, 'email' | 'registeredAt'>): boolean =>
  email === '' && registeredAt === null;
