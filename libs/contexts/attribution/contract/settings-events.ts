import { IsInt, IsNumber, IsObject, IsUUID } from 'class-validator';

import { Event, Example, Message } from '#kernel';

import { defaultSettings, type AttributionSettings } from './vocabulary.js';

/** All settings as they are now: for conversions from now on, and those that are recalculated. */
@Event('attribution_settings.updated.v1', 'settingsId')
export class AttributionSettingsUpdated extends Message<AttributionSettingsUpdated> {
  @IsUUID() readonly settingsId!: string;
  @IsInt() @Example(30) readonly lookbackDays!: number;
  @IsNumber() @Example(7) readonly halfLifeDays!: number;
  @IsNumber() @Example(0.4) readonly firstWeight!: number;
  @IsNumber() @Example(0.4) readonly lastWeight!: number;
  @IsObject()
  @Example(defaultSettings.interaction_weights)
  readonly interactionWeights!: AttributionSettings['interaction_weights'];
}
