import { IsInt, IsNumber, IsPositive, IsUUID, Max, Min } from 'class-validator';

import { Command, Example, Message, Optional } from '#kernel';

import { InteractionWeights, Weight } from './fields.js';
import type { AttributionSettings } from './vocabulary.js';

/** All of them: what is left out goes back to its default. */
@Command('attribution.update_attribution_settings.v1', 'settingsId')
export class UpdateAttributionSettings extends Message<UpdateAttributionSettings> {
  @IsUUID() readonly settingsId!: string;
  @Optional() @IsInt() @Min(1) @Max(365) @Example(30) readonly lookbackDays?: number;
  @Optional() @IsNumber() @IsPositive() @Max(365) @Example(7) readonly halfLifeDays?: number;
  @Optional() @Weight() @Example(0.4) readonly firstWeight?: number;
  @Optional() @Weight() @Example(0.4) readonly lastWeight?: number;
  @Optional()
  @InteractionWeights()
  @Example({ click: 1, engagement: 2.5, view: 0.25 })
  readonly interactionWeights?: AttributionSettings['interaction_weights'];
}
