import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { SettingsLookup } from '../application/ports.js';
import { defaultSettings, type AttributionSettings } from '../contract/index.js';
import { SettingsRow } from '../read-models/settings.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemorySettingsLookup extends SettingsLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async current(): Promise<AttributionSettings> {
    const [row] = this.readModels.rows(SettingsRow);
    return row?.settings ?? defaultSettings;
  }
}
