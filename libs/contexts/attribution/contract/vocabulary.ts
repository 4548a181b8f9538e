import { InteractionTypes, type InteractionType } from '#contexts/tracking/contract/index.js';

/** Ways to share a conversion's value among the touchpoints before it. */
export const AttributionModels = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'] as const;
export type AttributionModel = (typeof AttributionModels)[number];

/** `interaction`: a touchpoint counts by what the visitor did, too. */
export const Weightings = ['none', 'interaction'] as const;
export type Weighting = (typeof Weightings)[number];

export const ConversionTypes = ['purchase', 'signup', 'subscription', 'download', 'other'] as const;
export type ConversionType = (typeof ConversionTypes)[number];

export const ConversionStatuses = ['attributed', 'unattributed', 'reversed'] as const;
export type ConversionStatus = (typeof ConversionStatuses)[number];

export const defaultCurrency = 'USD';

/** What the models compute with, in the wire's own names. */
export interface AttributionSettings {
  /** A touchpoint earns nothing of what is converted later than this. */
  readonly lookback_days: number;
  /** `time_decay`: a touchpoint that is so much older earns half. */
  readonly half_life_days: number;
  /** `position_based`: the first touchpoint's part, the last one's, and the rest is for those in between. */
  readonly first_weight: number;
  readonly last_weight: number;
  readonly interaction_weights: Readonly<Record<InteractionType, number>>;
}

export const defaultSettings: AttributionSettings = {
  lookback_days: 30,
  half_life_days: 7,
  first_weight: 0.4,
  last_weight: 0.4,
  interaction_weights: { click: 1, engagement: 2.5, view: 0.25 },
};

/** An interaction as attribution sees it, in the wire's own names. Times end with `Z`. */
export interface Touchpoint {
  readonly touchpoint_id: string;
  readonly partner_id: string;
  readonly campaign_id: string;
  readonly interaction_type: InteractionType;
  readonly occurred_at: string;
}

export { InteractionTypes, type InteractionType };
