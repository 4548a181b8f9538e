import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, Max, Min } from 'class-validator';

import { Example, IsTime, Message, Optional, timeOf, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';

import { Currency } from '../contract/fields.js';
import {
  AttributionModels,
  defaultCurrency,
  Weightings,
  type AttributionModel,
  type Weighting,
} from '../contract/index.js';
import {
  PerformanceGroups,
  ReportGroups,
  type PerformanceGroup,
  type PerformanceView,
  type ReportGroup,
  type ReportView,
} from './report-views.js';
import { SettingsQueries } from './settings.queries.js';

class Period extends Message<Period> {
  /** Included. */
  @Optional() @IsTime() @Example('2026-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2026-02-01T00:00:00Z') readonly to?: string;
  @Optional() @IsInt() @Min(1) @Max(10_000) @Example(100) readonly limit?: number;
}

export class ReportOptions extends Period {
  @Optional() @IsIn(ReportGroups) @Example('partner') readonly groupBy?: ReportGroup;
  @Optional() @IsIn(AttributionModels) @Example('position_based') readonly model?: AttributionModel;
  @Optional() @IsIn(Weightings) @Example('interaction') readonly weighting?: Weighting;
  @Optional() @Currency() @Example('EUR') readonly currency?: string;
}

export class PerformanceOptions extends Period {
  @Optional() @IsIn(PerformanceGroups) @Example('partner') readonly groupBy?: PerformanceGroup;
}

const defaultItems = 1_000;

const keys: Readonly<Record<ReportGroup, string>> = {
  partner: 'partner_id',
  campaign: 'campaign_id',
  interaction_type: 'interaction_type',
};

const money = (units: string): string => `(${units} / 100)::numeric(20, 2)::text`;

// One statement, so that items and totals tell of the same rows.
const report = {
  name: 'attribution_report',
  text: `
    with counted as materialized (
      select value, credits from attribution.credit_list
      where currency = $4 and ($5::timestamptz is null or occurred_at >= $5)
        and ($6::timestamptz is null or occurred_at < $6)
    ), earned as materialized (
      select credit->>$1 as key, (credit #>> array['earned', $2, $3, '0'])::numeric as share,
        (credit #>> array['earned', $2, $3, '1'])::numeric as units
      from counted, jsonb_array_elements(credits) as credit
    ), items as (
      select key, round(sum(share), 6)::float8 as conversions, ${money('sum(units)')} as attributed_value,
        count(*)::int as touchpoints, row_number() over (order by sum(units) desc, sum(share) desc, key collate "C") as place
      from earned group by key order by place limit $7
    )
    select
      coalesce((select json_agg(json_build_object('key', key, 'conversions', conversions, 'attributed_value',
        attributed_value, 'touchpoints', touchpoints) order by place) from items), '[]') as items,
      json_build_object(
        'conversions', (select count(*) from counted where credits <> '[]'),
        'attributed_value', (select ${money('coalesce(sum(units), 0)')} from earned),
        'touchpoints', (select count(*) from earned),
        'unattributed_conversions', (select count(*) from counted where credits = '[]'),
        'unattributed_value', (select coalesce(sum(value), 0)::numeric(20, 2)::text from counted where credits = '[]')
      ) as totals,
      array(
        select distinct currency from attribution.credit_list
        where ($5::timestamptz is null or occurred_at >= $5) and ($6::timestamptz is null or occurred_at < $6)
        order by currency
      ) as currencies`,
};

const figures = `
  count(*) filter (where interaction_type = 'click') as clicks,
  count(*) filter (where interaction_type = 'view') as views,
  count(*) filter (where interaction_type = 'engagement') as engagements,
  count(distinct visitor_id) as unique_visitors,
  coalesce(sum(($3::jsonb->>interaction_type)::numeric), 0) as weighted_score,
  coalesce(round(count(*) filter (where interaction_type = 'click')::numeric
    / nullif(count(*) filter (where interaction_type = 'view'), 0), 6), 0) as click_through_rate`;

const performanceBy = (group: PerformanceGroup) => ({
  name: `attribution_performance_${group}`,
  text: `
    with seen as materialized (
      select ${keys[group]} as key, interaction_type, visitor_id from attribution.touchpoint_list
      where ($1::timestamptz is null or occurred_at >= $1) and ($2::timestamptz is null or occurred_at < $2)
    ), items as (
      select key, ${figures} from seen group by key order by weighted_score desc, key collate "C" limit $4
    )
    select coalesce((select json_agg(items) from items), '[]') as items,
      (select row_to_json(totals) from (select ${figures} from seen) as totals) as totals`,
});

const performance: Readonly<Record<PerformanceGroup, ReturnType<typeof performanceBy>>> = {
  partner: performanceBy('partner'),
  campaign: performanceBy('campaign'),
};

/** What partners, campaigns and kinds of interaction have earned, and how they are seen. */
@Injectable()
export class ReportQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly settings: SettingsQueries,
  ) {}

  async report({
    groupBy = 'partner',
    model = 'linear',
    weighting = 'none',
    currency = defaultCurrency,
    from,
    to,
    limit = defaultItems,
  }: ReportOptions): Promise<Wire<ReportView>> {
    const values = [keys[groupBy], model, weighting, currency, moment(from), moment(to), limit];
    const [found] = await this.db.query<Pick<Wire<ReportView>, 'items' | 'totals' | 'currencies'>>(report, values);
    const { items, totals, currencies } = found as Wire<ReportView>;
    return { group_by: groupBy, model, weighting, currency, currencies, items, totals };
  }

  async performance({
    groupBy = 'partner',
    from,
    to,
    limit = defaultItems,
  }: PerformanceOptions): Promise<Wire<PerformanceView>> {
    const { interaction_weights: weights } = await this.settings.byId();
    const values = [moment(from), moment(to), JSON.stringify(weights), limit];
    const [found] = await this.db.query<Pick<Wire<PerformanceView>, 'items' | 'totals'>>(performance[groupBy], values);
    const { items, totals } = found as Wire<PerformanceView>;
    return { group_by: groupBy, items, totals };
  }
}

const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));
