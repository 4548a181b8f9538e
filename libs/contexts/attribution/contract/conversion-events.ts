import { IsArray, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Optional } from '#kernel';

import {
  ConversionTypes,
  defaultSettings,
  type AttributionSettings,
  type ConversionType,
  type Touchpoint,
} from './vocabulary.js';

@Event('conversion.recorded.v1', 'visitorKey')
export class ConversionRecorded extends Message<ConversionRecorded> {
  @IsUUID() readonly conversionId!: string;
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(ConversionTypes) @Example('purchase') readonly conversionType!: ConversionType;
  @IsString() @Example('119.90') readonly value!: string;
  @IsString() @Example('EUR') readonly currency!: string;
  @IsTime() readonly occurredAt!: string;
  @Optional() @IsString() @Example('order-10471') readonly externalId?: string;
}

/** What its credits are computed from, by whatever model. A later calculation is instead of all before. */
@Event('conversion.attributed.v1', 'visitorKey')
export class ConversionAttributed extends Message<ConversionAttributed> {
  @IsUUID() readonly conversionId!: string;
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsString() @Example('119.90') readonly value!: string;
  @IsString() @Example('EUR') readonly currency!: string;
  @IsTime() readonly occurredAt!: string;
  /** 1, 2, 3 … */
  @IsInt() @Example(1) readonly calculationVersion!: number;
  @IsObject() @Example(defaultSettings) readonly settings!: AttributionSettings;
  /** Those that share the value, at most 100, in the order of the journey. */
  @IsArray()
  @IsObject({ each: true })
  @Example([
    {
      touchpoint_id: '0196a1de-0000-7000-8000-000000000031',
      partner_id: 'search.example',
      campaign_id: 'spring-sale',
      interaction_type: 'click',
      occurred_at: '2026-02-27T10:00:00.000Z',
    },
  ])
  readonly touchpoints!: readonly Touchpoint[];
}

/** No touchpoint led to it, as far as is known by now. */
@Event('conversion.unattributed.v1', 'visitorKey')
export class ConversionUnattributed extends Message<ConversionUnattributed> {
  @IsUUID() readonly conversionId!: string;
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsString() @Example('119.90') readonly value!: string;
  @IsString() @Example('EUR') readonly currency!: string;
  @IsTime() readonly occurredAt!: string;
  @IsInt() @Example(1) readonly calculationVersion!: number;
  @IsObject() @Example(defaultSettings) readonly settings!: AttributionSettings;
}

/** It does not count any more: its touchpoints lead to the visitor's next conversion. */
@Event('conversion.reversed.v1', 'visitorKey')
export class ConversionReversed extends Message<ConversionReversed> {
  @IsUUID() readonly conversionId!: string;
  @IsUUID() readonly visitorKey!: string;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsString() @Example('The goods were sent back') readonly reason!: string;
  /** Those that had shared its value. */
  @IsArray()
  @IsUUID('all', { each: true })
  @Example(['0196a1de-0000-7000-8000-000000000031'])
  readonly touchpointIds!: readonly string[];
  @IsTime() readonly reversedAt!: string;
}
