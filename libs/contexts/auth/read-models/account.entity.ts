import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { OutstandingRequest } from '../contract/index.js';

/** An account that is not deleted. */
@Entity({ schema: 'auth', name: 'accounts' })
export class AccountRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  /** In lower case. */
  @Column('text') email!: string;
  @Column('text') username!: string;
  /** Empty where there is none. */
  @Column('text') name!: string;
  @Column('boolean', { name: 'is_active' }) isActive!: boolean;
  @Column('boolean', { name: 'is_verified' }) isVerified!: boolean;
  /** Each `<provider>:<subject>`. */
  @Column('text', { name: 'external_identities', array: true }) externalIdentities!: readonly string[];
  /** Some of them may have expired. */
  @Column('jsonb') outstanding!: readonly OutstandingRequest[];
  /** Sessions from before are over, but for the one that is kept. Null: none are. */
  @Column('timestamptz', { name: 'sessions_valid_from', nullable: true }) sessionsValidFrom!: Date | null;
  /** The account's version at which they were ended. */
  @Column('int', { name: 'sessions_valid_from_version', nullable: true }) sessionsValidFromVersion!: number | null;
  @Column('uuid', { name: 'kept_session_id', nullable: true }) keptSessionId!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
