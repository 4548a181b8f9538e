import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { Grants } from '../contract/index.js';

/** One row: who holds which role. */
@Entity({ schema: 'auth', name: 'role_grants' })
export class RoleGrantsRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('jsonb') grants!: Grants;
  /** By user id, when a role was last revoked, if that was less than a day before the last change. */
  @Column('jsonb', { name: 'revoked_at' }) revokedAt!: Readonly<Record<string, string>>;
}
