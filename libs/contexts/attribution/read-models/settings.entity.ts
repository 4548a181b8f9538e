import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ReadModelRow } from '#kernel';

import type { AttributionSettings } from '../contract/index.js';

@Entity({ schema: 'attribution', name: 'settings' })
export class SettingsRow implements ReadModelRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('jsonb') settings!: AttributionSettings;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
