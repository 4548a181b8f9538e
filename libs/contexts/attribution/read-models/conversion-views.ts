import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable } from '#kernel';

import {
  AttributionModels,
  ConversionStatuses,
  ConversionTypes,
  defaultSettings,
  Weightings,
  type AttributionModel,
  type AttributionSettings,
  type ConversionStatus,
  type ConversionType,
  type Touchpoint,
  type Weighting,
} from '../contract/index.js';

/** A conversion as it is shown. */
export class ConversionView extends Message<ConversionView> {
  @IsUUID() readonly id!: string;
  /** What its sender calls it. */
  @Nullable() @IsString() @Example('order-10471') readonly externalId!: string | null;
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  @IsIn(ConversionTypes) @Example('purchase') readonly conversionType!: ConversionType;
  @IsString() @Example('119.90') readonly value!: string;
  @IsString() @Example('EUR') readonly currency!: string;
  @IsTime() readonly occurredAt!: Date;
  @IsIn(ConversionStatuses) @Example('attributed') readonly status!: ConversionStatus;
  /** 1, and one more whenever it was calculated anew. */
  @IsInt() @Example(1) readonly calculationVersion!: number;
  /** How many touchpoints share, or shared, its value. */
  @IsInt() @Example(3) readonly touchpoints!: number;
  /** Those that it was calculated by. */
  @IsObject() @Example(defaultSettings) readonly settings!: AttributionSettings;
  @IsTime() readonly recordedAt!: Date;
  @Nullable() @IsTime() readonly reversedAt!: Date | null;
  @Nullable() @IsString() @Example(null) readonly reversalReason!: string | null;
}

const touchpoint = {
  touchpoint_id: '0196a1de-0000-7000-8000-000000000031',
  partner_id: 'search.example',
  campaign_id: 'spring-sale',
  interaction_type: 'click',
  occurred_at: '2026-02-27T10:00:00.000Z',
};

/** What a touchpoint earns, in the wire's own names. */
export interface CreditView extends Touchpoint {
  /** 0 to 1, with six digits. */
  readonly share: number;
  readonly amount: string;
}

/** What the touchpoints of a conversion earn by one model. */
export class CreditsView extends Message<CreditsView> {
  @IsUUID() readonly conversionId!: string;
  @IsIn(ConversionStatuses) @Example('attributed') readonly status!: ConversionStatus;
  @IsIn(AttributionModels) @Example('linear') readonly model!: AttributionModel;
  @IsIn(Weightings) @Example('none') readonly weighting!: Weighting;
  @IsString() @Example('119.90') readonly value!: string;
  @IsString() @Example('EUR') readonly currency!: string;
  @IsInt() @Example(1) readonly calculationVersion!: number;
  /** Those that these credits are computed by. */
  @IsObject() @Example(defaultSettings) readonly settings!: AttributionSettings;
  /** As reports count them. Otherwise computed for this answer alone. */
  @IsBoolean() @Example(true) readonly stored!: boolean;
  /** In the order of the journey. They add up to the value; of a conversion that does not count there are none. */
  @IsArray()
  @IsObject({ each: true })
  @Example([{ ...touchpoint, share: 1, amount: '119.90' }])
  readonly credits!: readonly CreditView[];
}

export const JourneyStatuses = ['active', 'converted', 'reversed', 'expired'] as const;
export type JourneyStatus = (typeof JourneyStatuses)[number];

/** A visitor's way to a conversion, or to none yet, in the wire's own names. */
export interface JourneyView {
  readonly status: JourneyStatus;
  readonly conversion_id: string | null;
  readonly converted_at: string | null;
  readonly touchpoints: readonly Touchpoint[];
}

/** What a visitor did. */
export class VisitorJourneys extends Message<VisitorJourneys> {
  @IsString() @Example('v-81f3') readonly visitorId!: string;
  /** The oldest first; the open one, if there is any, at the end. */
  @IsArray()
  @IsObject({ each: true })
  @Example([
    {
      status: 'converted',
      conversion_id: '0196a1de-0000-7000-8000-000000000032',
      converted_at: '2026-03-01T10:00:00.000Z',
      touchpoints: [touchpoint],
    },
  ])
  readonly journeys!: readonly JourneyView[];
}

/** One way to share a conversion's value. */
export class ModelView extends Message<ModelView> {
  @IsIn(AttributionModels) @Example('linear') readonly model!: AttributionModel;
  @IsString() @Example('All touchpoints earn the same.') readonly description!: string;
}

/** The settings of today. */
export class SettingsView extends Message<SettingsView> {
  /** 0: they were never changed. */
  @IsInt() @Example(1) readonly version!: number;
  @IsInt() @Example(30) readonly lookbackDays!: number;
  @IsNumber() @Example(7) readonly halfLifeDays!: number;
  @IsNumber() @Example(0.4) readonly firstWeight!: number;
  @IsNumber() @Example(0.4) readonly lastWeight!: number;
  @IsObject()
  @Example(defaultSettings.interaction_weights)
  readonly interactionWeights!: AttributionSettings['interaction_weights'];
  @Nullable() @IsTime() readonly updatedAt!: Date | null;
}
