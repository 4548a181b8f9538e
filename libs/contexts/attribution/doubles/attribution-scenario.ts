import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { SettingsLookup } from '../application/ports.js';
import { AttributionWorkerModule } from '../attribution.worker.module.js';
import {
  AttributionSettingsUpdated,
  ConversionAttributed,
  ConversionRecorded,
  ConversionReversed,
  ConversionUnattributed,
  defaultSettings,
  settingsId,
  TouchpointRegistered,
  TouchpointRemoved,
  visitorKeyOf,
} from '../contract/index.js';
import { InMemorySettingsLookup } from './in-memory-settings-lookup.js';

/** Begins a story of this context. */
export const attributionScenario = (): Scenario =>
  scenario(AttributionWorkerModule, { doubles: [{ provide: SettingsLookup, useClass: InMemorySettingsLookup }] });

/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';
export const visitorId = 'v-81f3';
export const visitorKey = visitorKeyOf(visitorId);
export const conversionId = '0196a1de-0000-7000-8000-000000000001';
export const firstId = '0196a1de-0000-7000-8000-000000000011';
export const secondId = '0196a1de-0000-7000-8000-000000000012';

const visitor = { visitorKey, visitorId };
const interaction = { partnerId: 'search.example', campaignId: 'spring-sale' };
const worth = { value: '119.90', currency: 'EUR', occurredAt: now };

/** The touchpoints of the stories, as conversions name them. */
export const inputs = {
  click: {
    touchpoint_id: firstId,
    partner_id: 'search.example',
    campaign_id: 'spring-sale',
    interaction_type: 'click',
    occurred_at: '2026-02-22T10:00:00.000Z',
  },
  view: {
    touchpoint_id: secondId,
    partner_id: 'search.example',
    campaign_id: 'spring-sale',
    interaction_type: 'view',
    occurred_at: '2026-02-27T10:00:00.000Z',
  },
} as const;

const calculation = { ...visitor, ...worth, conversionId, settings: defaultSettings };

/** What may have happened to one visitor, or happens now. */
export const happened = {
  clicked: new TouchpointRegistered({
    ...visitor,
    ...interaction,
    touchpointId: firstId,
    interactionType: 'click',
    occurredAt: inputs.click.occurred_at,
    recordedAt: inputs.click.occurred_at,
  }),
  viewed: new TouchpointRegistered({
    ...visitor,
    ...interaction,
    touchpointId: secondId,
    interactionType: 'view',
    occurredAt: inputs.view.occurred_at,
    recordedAt: inputs.view.occurred_at,
  }),
  clickRemoved: new TouchpointRemoved({ ...visitor, touchpointId: firstId }),
  converted: new ConversionRecorded({ ...visitor, ...worth, conversionId, conversionType: 'purchase' }),
  attributed: new ConversionAttributed({ ...calculation, calculationVersion: 1, touchpoints: [inputs.click] }),
  unattributed: new ConversionUnattributed({ ...calculation, calculationVersion: 1 }),
  reversed: new ConversionReversed({
    ...visitor,
    conversionId,
    reason: 'The goods were sent back',
    touchpointIds: [firstId],
    reversedAt: now,
  }),
  shortLookback: new AttributionSettingsUpdated({
    settingsId,
    lookbackDays: 3,
    halfLifeDays: 7,
    firstWeight: 0.4,
    lastWeight: 0.4,
    interactionWeights: defaultSettings.interaction_weights,
  }),
};
