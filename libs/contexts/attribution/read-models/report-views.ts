import { IsArray, IsIn, IsObject, IsString } from 'class-validator';

import { Example, Message } from '#kernel';

import { AttributionModels, Weightings, type AttributionModel, type Weighting } from '../contract/index.js';

export const ReportGroups = ['partner', 'campaign', 'interaction_type'] as const;
export type ReportGroup = (typeof ReportGroups)[number];

export const PerformanceGroups = ['partner', 'campaign'] as const;
export type PerformanceGroup = (typeof PerformanceGroups)[number];

/** What one of those compared has earned, in the wire's own names. */
export interface ReportItem {
  readonly key: string;
  /** The sum of its shares, with six digits. */
  readonly conversions: number;
  readonly attributed_value: string;
  /** How many touchpoints of these conversions are its own, whether they earn something or not. */
  readonly touchpoints: number;
}

export interface ReportTotals {
  readonly conversions: number;
  readonly attributed_value: string;
  readonly touchpoints: number;
  readonly unattributed_conversions: number;
  readonly unattributed_value: string;
}

/** What was earned in one currency, by one model. */
export class ReportView extends Message<ReportView> {
  @IsIn(ReportGroups) @Example('partner') readonly groupBy!: ReportGroup;
  @IsIn(AttributionModels) @Example('linear') readonly model!: AttributionModel;
  @IsIn(Weightings) @Example('none') readonly weighting!: Weighting;
  @IsString() @Example('USD') readonly currency!: string;
  /** The currencies of conversions in that time: each has a report of its own. */
  @IsArray() @IsString({ each: true }) @Example(['EUR', 'USD']) readonly currencies!: readonly string[];
  /** Whoever earned most comes first. */
  @IsArray()
  @IsObject({ each: true })
  @Example([{ key: 'search.example', conversions: 1.333333, attributed_value: '133.34', touchpoints: 4 }])
  readonly items!: readonly ReportItem[];
  /** Of all, whatever the limit of the items is. */
  @IsObject()
  @Example({
    conversions: 2,
    attributed_value: '200.00',
    touchpoints: 6,
    unattributed_conversions: 1,
    unattributed_value: '20.00',
  })
  readonly totals!: ReportTotals;
}

/** How one of those compared is seen, in the wire's own names. */
export interface PerformanceItem extends PerformanceTotals {
  readonly key: string;
}

export interface PerformanceTotals {
  readonly clicks: number;
  readonly views: number;
  readonly engagements: number;
  readonly unique_visitors: number;
  /** The sum of the weights of the interactions, by the settings of today. */
  readonly weighted_score: number;
  /** Clicks by views; 0 without views. */
  readonly click_through_rate: number;
}

const figures = {
  clicks: 12,
  views: 48,
  engagements: 2,
  unique_visitors: 31,
  weighted_score: 29,
  click_through_rate: 0.25,
};

/** What visitors did, whether they converted or not. */
export class PerformanceView extends Message<PerformanceView> {
  @IsIn(PerformanceGroups) @Example('partner') readonly groupBy!: PerformanceGroup;
  /** The highest score first. */
  @IsArray()
  @IsObject({ each: true })
  @Example([{ key: 'search.example', ...figures }])
  readonly items!: readonly PerformanceItem[];
  @IsObject() @Example(figures) readonly totals!: PerformanceTotals;
}
