import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { Role } from '../contract/index.js';

@Entity({ schema: 'auth', name: 'service_clients' })
export class ServiceClientRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') name!: string;
  @Column('text', { array: true }) roles!: readonly Role[];
  /** Null once it is revoked. */
  @Column('text', { name: 'secret_hash', nullable: true }) secretHash!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
