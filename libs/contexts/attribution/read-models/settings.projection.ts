import { fold, on, projection } from '#kernel';

import { AttributionSettingsUpdated } from '../contract/index.js';
import { SettingsRow } from './settings.entity.js';

export const settingsModel = projection('attribution.settings', SettingsRow, {
  inline: true,
  fold: fold(
    on(AttributionSettingsUpdated, (_, updated, { occurredAt }) => ({
      id: updated.settingsId,
      settings: {
        lookback_days: updated.lookbackDays,
        half_life_days: updated.halfLifeDays,
        first_weight: updated.firstWeight,
        last_weight: updated.lastWeight,
        interaction_weights: updated.interactionWeights,
      },
      updatedAt: occurredAt,
    })),
  ),
});
