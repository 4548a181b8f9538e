import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { defaultSettings, settingsId, type AttributionSettings } from '../contract/index.js';
import type { SettingsView } from './conversion-views.js';

interface Stored {
  readonly version: number;
  readonly settings: AttributionSettings;
  readonly updated_at: Date;
}

const current = {
  name: 'attribution_settings_shown',
  text: 'select version, settings, updated_at from attribution.settings where id = $1',
};

@Injectable()
export class SettingsQueries implements ResourceQueries<Wire<SettingsView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(): Promise<Wire<SettingsView>> {
    const [row] = await this.db.query<Stored & Record<string, unknown>>(current, [settingsId]);
    const { version = 0, settings = defaultSettings, updated_at = null } = row ?? {};
    return { version, ...settings, updated_at };
  }
}
