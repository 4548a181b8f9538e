import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsNumber, IsPositive, Max, Min } from 'class-validator';

import { Example, Message, Optional, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';

import {
  amountOf,
  AttributionModels,
  credits,
  eligible,
  leadingTo,
  minorUnits,
  Weightings,
  type AttributionModel,
  type AttributionSettings,
  type ConversionStatus,
  type Credit,
  type Placed,
  type Touchpoint,
  type Weighting,
} from '../contract/index.js';
import type { CreditsView, CreditView } from './conversion-views.js';
import type { CreditedTouchpoint } from './credit-list.entity.js';

export class CreditsOptions extends Message<CreditsOptions> {
  @Optional() @IsIn(AttributionModels) @Example('time_decay') readonly model?: AttributionModel;
  @Optional() @IsIn(Weightings) @Example('interaction') readonly weighting?: Weighting;
  @Optional() @IsNumber() @IsPositive() @Max(365) @Example(7) readonly halfLifeDays?: number;
  @Optional() @IsInt() @Min(1) @Max(365) @Example(30) readonly lookbackDays?: number;
}

interface Conversion extends Record<string, unknown> {
  readonly conversion_id: string;
  readonly visitor_id: string;
  readonly status: ConversionStatus;
  readonly value: string;
  readonly currency: string;
  readonly occurred_at: Date;
  readonly calculation_version: number;
  readonly settings: AttributionSettings;
  /** When the visitor's conversion before it occurred. */
  readonly before: Date | null;
  /** Null: the credits of this calculation are not there yet. */
  readonly credits: readonly CreditedTouchpoint[] | null;
}

const conversion = {
  name: 'attribution_conversion_credits',
  text: `
    select c.conversion_id, c.visitor_id, c.status, c.value::numeric(11, 2)::text as value, c.currency, c.occurred_at,
      c.calculation_version, c.settings, (
        select b.occurred_at from attribution.conversion_list b
        where b.visitor_id = c.visitor_id and b.status <> 'reversed'
          and (b.occurred_at, b.conversion_id) < (c.occurred_at, c.conversion_id)
        order by b.occurred_at desc, b.conversion_id desc limit 1
      ) as before, l.credits
    from attribution.conversion_list c
    left join attribution.credit_list l on l.id = c.conversion_id and l.calculation_version = c.calculation_version
    where c.conversion_id = $1`,
};

const touchpoints = {
  name: 'attribution_touchpoints_until',
  text: `
    select id as touchpoint_id, partner_id, campaign_id, interaction_type, occurred_at, recorded_at
    from attribution.touchpoint_list where visitor_id = $1 and occurred_at <= $2
    order by occurred_at, recorded_at, id`,
};

type Seen = Omit<Touchpoint, 'occurred_at'> & { readonly occurred_at: Date; readonly recorded_at: Date };

/** What touchpoints earn of one conversion: as it is stored, or computed by other settings. */
@Injectable()
export class CreditQueries {
  constructor(private readonly db: ReadDatabase) {}

  async of(
    conversionId: string,
    { model = 'linear', weighting = 'none', halfLifeDays, lookbackDays }: CreditsOptions,
  ): Promise<Wire<CreditsView> | undefined> {
    const [found] = await this.db.query<Conversion>(conversion, [conversionId]);
    if (!found) return undefined;
    const settings = {
      ...found.settings,
      half_life_days: halfLifeDays ?? found.settings.half_life_days,
      lookback_days: lookbackDays ?? found.settings.lookback_days,
    };
    const asCalculated =
      settings.lookback_days === found.settings.lookback_days &&
      (model !== 'time_decay' || settings.half_life_days === found.settings.half_life_days);
    const stored = asCalculated && found.credits !== null;
    const earned = stored
      ? found.credits.map((each) => shown(each, asCredit(each, model, weighting)))
      : await this.#computed(found, { model, weighting }, settings);
    return {
      conversion_id: found.conversion_id,
      status: found.status,
      model,
      weighting,
      value: found.value,
      currency: found.currency,
      calculation_version: found.calculation_version,
      settings,
      stored,
      credits: found.status === 'reversed' ? [] : earned,
    };
  }

  async #computed(
    found: Conversion,
    method: { readonly model: AttributionModel; readonly weighting: Weighting },
    settings: AttributionSettings,
  ): Promise<readonly CreditView[]> {
    const { visitor_id: visitorId, occurred_at: at, before, value } = found;
    const converted = { occurredAt: at.toISOString() };
    const rows = await this.db.query<Seen & Record<string, unknown>>(touchpoints, [visitorId, at]);
    const all = rows.map(({ occurred_at: occurred, recorded_at: recorded, ...rest }) => ({
      ...rest,
      occurred_at: occurred.toISOString(),
      recorded_at: recorded.toISOString(),
    }));
    const journey = leadingTo(all, converted, before ? { occurredAt: before.toISOString() } : undefined);
    const sharing = eligible<Touchpoint & Placed>(journey, converted, settings.lookback_days);
    const earned = credits(sharing, { ...converted, value: minorUnits(value) }, method, settings);
    return sharing.map((touchpoint, index) => shown(touchpoint, earned[index] as Credit));
  }
}

const asCredit = ({ earned }: CreditedTouchpoint, model: AttributionModel, weighting: Weighting): Credit => {
  const [share, amount] = earned[model][weighting];
  return { share, amount };
};

const shown = (
  { touchpoint_id, partner_id, campaign_id, interaction_type, occurred_at }: Touchpoint,
  { share, amount }: Credit,
): CreditView => ({
  touchpoint_id,
  partner_id,
  campaign_id,
  interaction_type,
  occurred_at,
  share: Math.round(share * 1e6) / 1e6,
  amount: amountOf(amount),
});
