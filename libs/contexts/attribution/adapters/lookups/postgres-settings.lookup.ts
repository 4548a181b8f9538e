import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { SettingsLookup } from '../../application/ports.js';
import { defaultSettings, settingsId, type AttributionSettings } from '../../contract/index.js';

const current = { name: 'attribution_settings', text: 'select settings from attribution.settings where id = $1' };

@Injectable()
export class PostgresSettingsLookup extends SettingsLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async current(): Promise<AttributionSettings> {
    const [row] = await this.db.query<{ settings: AttributionSettings }>(current, [settingsId]);
    return row?.settings ?? defaultSettings;
  }
}
