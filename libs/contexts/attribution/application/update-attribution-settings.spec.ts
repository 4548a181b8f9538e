import { describe, it } from '@jest/globals';

import { settingsId, UpdateAttributionSettings } from '../contract/index.js';
import { WeightsInvalid } from '../domain/errors.js';
import { attributionScenario, happened } from '../doubles/attribution-scenario.js';
import { SettingsRow } from '../read-models/settings.entity.js';

const { shortLookback } = happened;
const update = (more: Partial<UpdateAttributionSettings>): UpdateAttributionSettings =>
  new UpdateAttributionSettings({ settingsId, ...more });

describe('Changing the settings', () => {
  it('tells all of them', () =>
    attributionScenario()
      .when(update({ lookbackDays: 3 }))
      .then(shortLookback));

  it('changes nothing when they are so already', () =>
    attributionScenario()
      .given(shortLookback)
      .when(update({ lookbackDays: 3 }))
      .thenNothing());

  it('is seen', () =>
    attributionScenario()
      .given(shortLookback)
      .when(update({ halfLifeDays: 3.5 }))
      .thenRow(SettingsRow, settingsId, {
        version: 2,
        settings: {
          lookback_days: 30,
          half_life_days: 3.5,
          first_weight: 0.4,
          last_weight: 0.4,
          interaction_weights: { click: 1, engagement: 2.5, view: 0.25 },
        },
      }));

  it('is rejected where first and last would get more than there is', () =>
    attributionScenario()
      .when(update({ firstWeight: 0.9 }))
      .thenRejected(WeightsInvalid));
});
