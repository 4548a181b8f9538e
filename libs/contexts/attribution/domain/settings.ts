import { Aggregate, fold, on } from '#kernel';

import {
  AttributionSettingsUpdated,
  defaultSettings,
  exceedWhole,
  InteractionTypes,
  type AttributionSettings,
  type UpdateAttributionSettings,
} from '../contract/index.js';
import { SettingsNotFound, WeightsInvalid } from './errors.js';

/** There is one of it. */
export class Settings extends Aggregate<AttributionSettings> {
  static readonly streamType = 'attribution.settings';
  static readonly NotFound = SettingsNotFound;

  protected readonly evolve = fold<AttributionSettings>(
    on(
      AttributionSettingsUpdated,
      (_, { lookbackDays, halfLifeDays, firstWeight, lastWeight, interactionWeights }) => ({
        lookback_days: lookbackDays,
        half_life_days: halfLifeDays,
        first_weight: firstWeight,
        last_weight: lastWeight,
        interaction_weights: interactionWeights,
      }),
    ),
  );

  /** @throws WeightsInvalid */
  update({
    lookbackDays = defaultSettings.lookback_days,
    halfLifeDays = defaultSettings.half_life_days,
    firstWeight = defaultSettings.first_weight,
    lastWeight = defaultSettings.last_weight,
    interactionWeights = defaultSettings.interaction_weights,
  }: UpdateAttributionSettings): void {
    if (exceedWhole(firstWeight, lastWeight)) throw new WeightsInvalid();
    const settings: AttributionSettings = {
      lookback_days: lookbackDays,
      half_life_days: halfLifeDays,
      first_weight: firstWeight,
      last_weight: lastWeight,
      interaction_weights: interactionWeights,
    };
    if (isAlike(settings, this.exists ? this.state : defaultSettings)) return;
    this.record(
      new AttributionSettingsUpdated({
        settingsId: this.id,
        lookbackDays,
        halfLifeDays,
        firstWeight,
        lastWeight,
        interactionWeights,
      }),
    );
  }
}

const isAlike = (a: AttributionSettings, b: AttributionSettings): boolean =>
  a.lookback_days === b.lookback_days &&
  a.half_life_days === b.half_life_days &&
  a.first_weight === b.first_weight &&
  a.last_weight === b.last_weight &&
  InteractionTypes.every((type) => a.interaction_weights[type] === b.interaction_weights[type]);
