import { describe, expect, it } from '@jest/globals';

import { AttributionSettingsUpdated, settingsId, UpdateAttributionSettings } from '../contract/index.js';
import { WeightsInvalid } from './errors.js';
import { Settings } from './settings.js';

const fresh = (): Settings =>
  new Settings(settingsId).restore({ state: null, version: 0 }, { at: new Date(0), actor: 'somebody' });
const update = (more: Partial<UpdateAttributionSettings> = {}): UpdateAttributionSettings =>
  new UpdateAttributionSettings({ settingsId, ...more });

describe('The settings', () => {
  it('take defaults for what is left out', () => {
    const settings = fresh();
    settings.update(update({ lookbackDays: 14 }));
    expect(settings.recorded).toEqual([
      new AttributionSettingsUpdated({
        settingsId,
        lookbackDays: 14,
        halfLifeDays: 7,
        firstWeight: 0.4,
        lastWeight: 0.4,
        interactionWeights: { click: 1, engagement: 2.5, view: 0.25 },
      }),
    ]);
  });

  it('stay as they are when the same is said again, or the defaults at first', () => {
    const settings = fresh();
    settings.update(update());
    expect(settings.recorded).toEqual([]);
    settings.update(update({ lookbackDays: 14 }));
    settings.update(update({ lookbackDays: 14 }));
    expect(settings.recorded).toHaveLength(1);
    settings.update(update());
    expect(settings.recorded).toHaveLength(2);
  });

  it('give first and last touchpoint all of the value at most', () => {
    fresh().update(update({ firstWeight: 0.7, lastWeight: 0.3 }));
    expect(() => fresh().update(update({ firstWeight: 0.7, lastWeight: 0.31 }))).toThrow(WeightsInvalid);
    expect(() => fresh().update(update({ firstWeight: 0.7 }))).toThrow(WeightsInvalid);
  });

  it('leave nothing negative to those in between, however little first and last are above all', () => {
    fresh().update(update({ firstWeight: 0.1 + 0.2, lastWeight: 0.7 }));
    for (const lastWeight of [0.500000004, 0.500000000001])
      expect(() => fresh().update(update({ firstWeight: 0.5, lastWeight }))).toThrow(WeightsInvalid);
  });
});
